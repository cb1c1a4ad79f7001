using System.Collections.Concurrent;
using System.Globalization;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Loops;

/// <summary>An idle hub costs nothing: its threads sleep and are not woken.</summary>
[Collection(nameof(ProcessWide))]
public sealed class IdleTests : HubTests
{
    private const string TaskFolder = "/proc/self/task";

    private readonly ConcurrentDictionary<string, int> _threads = new();

    [Theory]
    [InlineData(HubLoop.Threads, false)]
    [InlineData(HubLoop.Threads, true)]
    [InlineData(HubLoop.Scheduler, true)]
    public void Hub_WithNothingToDo_CausesNoVoluntaryContextSwitch(HubLoop loop, bool withParked)
    {
        Assert.SkipUnless(Directory.Exists(TaskFolder), "the system has no /proc to read context switches from");
        var pool = NewPool(new CarrierOptions { IdleTimeout = TimeSpan.FromHours(1) });
        var hub = StartHub(loop, options => options.Carriers = pool);
        var gate = new TaskCompletionSource();
        var warm = Enumerable.Range(0, 4).Select(_ => hub.Spawn(() => Parked(gate.Task))).ToArray();
        Deadline.Wait(() => hub.Snapshot().Waiting == 4, "four parked greenlets", () => hub.Snapshot().ToString());
        gate.SetResult();
        Succeeds(warm);
        var release = new TaskCompletionSource();
        var parked = withParked ? Enumerable.Range(0, 3).Select(_ => hub.Spawn(() => Parked(release.Task))).ToArray() : [];
        Array.ForEach(parked, static greenlet => Waits(greenlet));
        Deadline.Wait(() => !hub.Dispatcher.IsBusy && pool.Busy == parked.Length, "the hub to be idle", () => hub.Snapshot().ToString());
        Assert.True(pool.Count >= 4);

        var before = Asleep();
        Assert.True(before.Count >= 4, $"{before.Count} of {pool.Count} carriers are known");
        Observe(TimeSpan.FromSeconds(2));
        var after = Switches();

        Assert.Equal(before, after);
        release.SetResult();
        Succeeds(parked);
    }

    [Fact]
    public void Hub_OnTheScheduler_HoldsNoThreadWhileIdle()
    {
        var pool = NewPool();
        var hub = StartHub(HubLoop.Scheduler, options => options.Carriers = pool);

        Succeeds(hub.Spawn(static async () => await Greenlet.SleepAsync(TimeSpan.FromMilliseconds(1))));

        Assert.Equal(0, pool.Count);
    }

    [Fact]
    public void Hub_AtItsCap_DoesNotSpinForWorkItMayNotBegin()
    {
        Assert.SkipUnless(Directory.Exists(TaskFolder), "the system has no /proc to read context switches from");
        var pool = NewPool(new CarrierOptions { Max = 1, IdleTimeout = TimeSpan.FromHours(1) });
        var group = StartGroup(2, configure: options => options.Carriers = pool);
        var gate = new TaskCompletionSource();
        // Children exceed the cap of one; a root has to wait for all of them.
        var parent = group.Spawn(() =>
        {
            var children = Enumerable.Range(0, 4).Select(_ => group.Spawn(() => Parked(gate.Task))).ToArray();
            Greenlet.Yield();
            Parked(gate.Task);
            Array.ForEach(children, static child => child.Get());
        });
        Deadline.Wait(() => group.Hubs.Sum(static hub => hub.Snapshot().Waiting) == 5, "five parked greenlets", Snapshots);
        var roots = Enumerable.Range(0, 5).Select(_ => group.Spawn(static () => Greenlet.Yield())).ToArray();
        Deadline.Wait(() => group.Queued == 5 && group.Hubs.All(static hub => !hub.Dispatcher.IsBusy), "the hubs to let go", Snapshots);

        var before = Asleep();
        Observe(TimeSpan.FromMilliseconds(300));
        Assert.Equal(before, Switches());

        gate.SetResult();
        Succeeds(parent);
        Succeeds(roots);

        string Snapshots() => $"{group.Queued} queued{Environment.NewLine}{string.Join(Environment.NewLine, group.Hubs.Select(static hub => hub.Snapshot()))}";
    }

    private static void Observe(TimeSpan time)
    {
#pragma warning disable RS0030 // Nothing is waited for: this is how long nothing must happen
        Thread.Sleep(time);
#pragma warning restore RS0030
    }

    private void Parked(Task task)
    {
        // Another test's carriers have the same names: these are known by their numbers.
        if (Directory.Exists(TaskFolder))
            _threads.TryAdd(Path.GetFileName(File.ResolveLinkTarget("/proc/thread-self", returnFinalTarget: false)!.FullName), 0);
        Greenlet.Await(task);
    }

    /// <summary>As <see cref="Switches"/>, when all of them sleep.</summary>
    private SortedDictionary<string, long> Asleep()
    {
        // A thread that has just been given back is still on its way to sleep: on a busy machine for long, without a switch of its own meanwhile.
        var switches = Switches();
        Deadline.Wait(
            () => _threads.Keys.All(static thread => Field(thread, "State:").StartsWith('S')) && switches.SequenceEqual(switches = Switches()), "the carriers to sleep");
        return switches;
    }

    /// <summary>Voluntary context switches of the carriers of this test, by thread.</summary>
    private SortedDictionary<string, long> Switches()
    {
        var switches = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var thread in _threads.Keys)
            switches[thread] = long.Parse(Field(thread, "voluntary_ctxt_switches:"), CultureInfo.InvariantCulture);
        return switches;
    }

    private static string Field(string thread, string name) =>
        File.ReadLines(Path.Combine(TaskFolder, thread, "status")).Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
}
