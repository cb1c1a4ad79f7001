using GreenletBridge.TestSupport;

namespace GreenletBridge.Hosting.Tests.Diagnostics;

/// <summary>Alone: it counts what the process allocates.</summary>
[Collection(nameof(WholeProcess))]
public class NobodyListensTests
{
    private const int Count = 20_000;

    [Fact]
    public async Task Spawn_TelemetryThatNobodyListensTo_AllocatesNothingMore()
    {
        await using var host = await ObservedHost.StartAsync();
        using var bare = new HubGroup(1, new HubOptions { Name = "bare" });
        bare.Start();

        // What else the process does can only add: the least of some looks is what it costs
        var (without, with) = (double.MaxValue, double.MaxValue);
        for (var i = 0; i < 20 && (i < 5 || with - without > 0.5); i++)
        {
            without = Math.Min(without, await BytesAsync(bare.Bridge));
            with = Math.Min(with, await BytesAsync(host.Bridge));
        }

        Assert.True(with - without <= 0.5, $"{with} bytes a greenlet, {without} without telemetry");
    }

    [Fact]
    public async Task Wanted_NobodyListens_IsNothingOfAnyListener()
    {
        await using var host = await ObservedHost.StartAsync();

        Assert.Equal(HubEvents.None, host.Listeners.Wanted);
    }

    private static async Task<double> BytesAsync(IGreenletBridge bridge)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < Count; i++)
        {
            await bridge.RunAsync(static () => { }, TestContext.Current.CancellationToken);
        }

        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Count;
    }
}
