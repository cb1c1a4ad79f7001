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
        Assert.True(HasLane("outer") && HasLane("inner"));
        Assert.True(HasPermit(outerLimit) && HasPermit(innerLimit));

        await inner.DisposeAsync();

        Assert.True(HasLane("outer") && HasPermit(outerLimit));
        Assert.False(HasLane("inner") || HasPermit(innerLimit));

        await outer.DisposeAsync();

        Assert.False(HasLane("outer") || HasPermit(outerLimit));
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

    private bool HasLane(string key) => _context.Features.Get<HeldTurn>()?.HasLane(key) == true;

    private bool HasPermit(RequestLimit limit) => _context.Features.Get<HeldTurn>()?.HasPermit(limit) == true;

    private async Task<Turn> BeginAsync(string key, RequestLimit limit)
    {
        Assert.True(limit.TryEnter(out var permit));
        return new Turn(_context, await _lanes.EnterAsync(key, 0, TestContext.Current.CancellationToken), permit);
    }
}
