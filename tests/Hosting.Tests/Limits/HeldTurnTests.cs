using Microsoft.AspNetCore.Http;

namespace GreenletBridge.Hosting.Tests.Limits;

public sealed class HeldTurnTests
{
    private readonly DefaultHttpContext _context = new();
    private readonly LaneTable _lanes = new();

    [Fact]
    public async Task Turn_InnerPartIsOver_TheOuterStillHasItsLaneAndPermit()
    {
        var outerLimit = new RequestLimit(1, 0);
        var innerLimit = new RequestLimit(1, 0);
        var outer = await BeginAsync("outer", outerLimit);
        var inner = await BeginAsync("inner", innerLimit);
        Assert.True(HeldTurn.HasLane(_context, "outer") && HeldTurn.HasLane(_context, "inner"));
        Assert.True(HeldTurn.HasPermit(_context, outerLimit) && HeldTurn.HasPermit(_context, innerLimit));

        await inner.DisposeAsync();

        Assert.True(HeldTurn.HasLane(_context, "outer") && HeldTurn.HasPermit(_context, outerLimit));
        Assert.False(HeldTurn.HasLane(_context, "inner") || HeldTurn.HasPermit(_context, innerLimit));

        await outer.DisposeAsync();

        Assert.False(HeldTurn.HasLane(_context, "outer") || HeldTurn.HasPermit(_context, outerLimit));
        Assert.Equal((0, 0, 0), (_lanes.Count, outerLimit.Running, innerLimit.Running));
    }

    [Fact]
    public async Task Turn_HoldsNothing_LeavesNoTrace()
    {
        await using (new Turn(_context, lane: null, permit: null))
        {
            Assert.Null(_context.Features.Get<HeldTurn>());
        }

        Assert.Null(_context.Features.Get<HeldTurn>());
    }

    private async Task<Turn> BeginAsync(string key, RequestLimit limit)
    {
        Assert.True(limit.TryEnter(out var permit));
        return new Turn(_context, await _lanes.EnterAsync(key, 0, TestContext.Current.CancellationToken), permit);
    }
}
