using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.FastMode.Tests.Running;

/// <summary>What a woven greenlet that waits costs.</summary>
[Collection(nameof(WholeProcess))]
public sealed class MemoryTests
{
    private const int Count = 20_000;

    [Theory]
    // Measured 1,018, and with the Task's own continuation 1,150 to 1,430; the lists that grow by doubling make the difference between runs
    [InlineData("LongSleeper", 1_300)]
    [InlineData("Waiter", 1_800)]
    public async Task Wait_TenCallsDeep_TakesLittleHeap(string method, int most)
    {
        // The heap is the process's: whatever else grows meanwhile only adds, so the least of a few looks is the nearest
        var least = long.MaxValue;
        for (var look = 0; look < 3 && least > most; look++)
            least = Math.Min(least, await BytesEach(method));

        TestContext.Current.SendDiagnosticMessage($"{method}: {least} bytes");
        Assert.InRange(least, 100, most);
    }

    private static async Task<long> BytesEach(string method)
    {
        var code = new WovenCode();
        await using var hub = new Hub(new HubOptions { Name = "memory" });
        hub.Start();
        var body = code.Action(method);
        await Park(hub, body, 100);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await Park(hub, body, Count);

        return (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
    }

    private static async Task Park(Hub hub, Action body, int count)
    {
        var waiting = hub.Snapshot().Waiting + count;
        for (var i = 0; i < count; i++)
            _ = hub.Spawn(body);
        await Deadline.Until(() => hub.Snapshot().Active >= waiting && hub.Snapshot().Queued == 0, "all wait", () => hub.Snapshot().Waiting.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
