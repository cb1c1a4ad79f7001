using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.FastMode.Tests.Running;

/// <summary>What a woven greenlet that waits costs.</summary>
[Collection(nameof(WholeProcess))]
public sealed class MemoryTests
{
    private const int Count = 20_000;

    [Theory]
    // Measured 1,080 to 1,380, and with the Task's own continuation up to 1,510; the lists that grow by doubling make the difference between runs
    [InlineData("LongSleeper", 1_600)]
    [InlineData("Waiter", 2_100)]
    public async Task Wait_TenCallsDeep_TakesLittleHeap(string method, int most)
    {
        var code = new WovenCode();
        await using var hub = new Hub(new HubOptions { Name = "memory" });
        hub.Start();
        var body = code.Action(method);
        await Park(hub, body, 100);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await Park(hub, body, Count);

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        Assert.InRange(bytes, 100, most);
    }

    private static async Task Park(Hub hub, Action body, int count)
    {
        var waiting = hub.Snapshot().Waiting + count;
        for (var i = 0; i < count; i++)
            _ = hub.Spawn(body);
        await Deadline.Until(() => hub.Snapshot().Active >= waiting && hub.Snapshot().Queued == 0, "all wait", () => hub.Snapshot().Waiting.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
