using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.FastMode.Tests.Running;

/// <summary>What a woven greenlet that waits costs.</summary>
[Collection(nameof(WholeProcess))]
public sealed class MemoryTests
{
    private const int Count = 20_000;

    // To list greenlets gives each a number, which costs memory
    private static readonly HubSnapshotOptions _counts = new() { Greenlets = false };

    [Theory]
    // Measured 866, and with the Task's own continuation 978
    [InlineData("LongSleeper", 1_024)]
    [InlineData("Waiter", 1_200)]
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
        var waiting = hub.Snapshot(_counts).Waiting + count;
        for (var i = 0; i < count; i++)
            _ = hub.Spawn(body);
        await Deadline.Until(() => hub.Snapshot(_counts).Active >= waiting && hub.Snapshot(_counts).Queued == 0, "all wait", () => hub.Snapshot(_counts).Waiting.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
