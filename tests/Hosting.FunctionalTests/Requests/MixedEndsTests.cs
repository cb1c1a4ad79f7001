using System.Globalization;
using GreenletBridge.TestSupport;

namespace GreenletBridge.Hosting.FunctionalTests.Requests;

/// <summary>Many requests of which a third is left by its client, a third times out and a third finishes: nothing is left over.</summary>
/// <remarks>As many as the environment variable REQUESTS says, 600 by default.</remarks>
[Collection(nameof(WholeProcess))]
public class MixedEndsTests
{
    private static readonly int _requests =
        int.TryParse(Environment.GetEnvironmentVariable("REQUESTS"), CultureInfo.InvariantCulture, out var requests) ? requests : 600;

    [Theory]
    [InlineData(HubLoop.Threads)]
    [InlineData(HubLoop.Scheduler)]
    public async Task Requests_RandomlyLeftTimedOutAndFinished_LeaveNothingOver(HubLoop loop)
    {
        var seed = Environment.TickCount;
        await using var crowd = await Crowd.StartAsync(loop);
        // Connections, pools and code that the first requests make are there once
        await crowd.SendAsync(300, new Random(seed));
        await crowd.SettleAsync();
        var before = ProcessFigures.Take();
        using var leaks = LeakCheck.Start(new LeakLimits { Threads = 0, ThreadNamePrefix = "greenlet", Descriptors = 2, HeapBytes = 1024 * 1024, Settle = TimeSpan.FromSeconds(30) })
            .Watch("greenlets", () => crowd.Greenlets)
            .Watch("carriers in use", () => CarrierPool.Shared.Busy)
            .Watch("scopes", () => crowd.Scopes.Open)
            .Watch("connections", () => crowd.Connections);

        var ends = await crowd.SendAsync(_requests, new Random(seed + 1));
        await crowd.SettleAsync();
        leaks.Verify();

        Assert.Equal(_requests, ends.Left + ends.TimedOut + ends.Finished);
        // Each in its third: a client that means to leave may be quicker than its request, but no request ends as another should
        Assert.All([ends.Left, ends.TimedOut, ends.Finished], count => Assert.InRange(count, _requests / 4, _requests / 2));
        Assert.Equal(crowd.Scopes.Made, crowd.Scopes.Disposed);
        Assert.Empty(crowd.Resisting);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}, {loop}: before {before}; after {ProcessFigures.Take()}; {ends}; scopes {crowd.Scopes.Made} made, {crowd.Scopes.Disposed} disposed");
    }
}
