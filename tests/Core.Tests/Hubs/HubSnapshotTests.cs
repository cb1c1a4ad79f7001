using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Hubs;

public sealed class HubSnapshotTests
{
    [Fact]
    public async Task Snapshot_GreenletsThatWait_SaysForWhatSinceWhenAndWhoSpawnedThem()
    {
        await using var hub = Start();
        var end = new TaskCompletionSource();
        Greenlet? child = null;
        var parent = hub.Spawn(() =>
        {
            child = hub.Spawn(() => end.Task.Wait());
            child.Name = "child";
            child.Join();
        });
        parent.Name = "parent";
        var async = hub.Spawn(async () => await end.Task);
        Deadline.Wait(() => hub.Snapshot().Waiting == 3, "three that wait", hub.Snapshot().ToString);

        // The times are coarse: looked at until they show
        Deadline.Wait(() => hub.Snapshot().Greenlets.All(g => g.WaitedFor > TimeSpan.Zero), "times", hub.Snapshot().ToString);
        var snapshot = hub.Snapshot();
        end.SetResult();

        var p = Assert.Single(snapshot.Greenlets, g => g.Id == parent.Id);
        var c = Assert.Single(snapshot.Greenlets, g => g.Id == child!.Id);
        var a = Assert.Single(snapshot.Greenlets, g => g.Id == async.Id);
        Assert.Contains("child", p.WaitingFor, StringComparison.Ordinal);
        Assert.Contains("runtime", c.WaitingFor, StringComparison.Ordinal);
        Assert.Equal("an awaited Task", a.WaitingFor);
        Assert.Equal(parent.Id, c.ParentId);
        Assert.Null(p.ParentId);
        Assert.All(snapshot.Greenlets, g => Assert.True(g.WaitedFor <= g.Age + TimeSpan.FromMilliseconds(50), g.ToString()));
        Assert.All(snapshot.Greenlets, g => Assert.StartsWith("HubSnapshotTests.Snapshot_GreenletsThatWait", g.Code, StringComparison.Ordinal));
        Assert.Equal(snapshot.Greenlets.OrderByDescending(g => g.Age).Select(g => g.Age), snapshot.Greenlets.Select(g => g.Age));
        Assert.All(snapshot.Greenlets, g => Assert.Null(g.Stack));
    }

    [Fact]
    public async Task ToString_SpawnedGreenlets_AreIndentedBelowTheirSpawner()
    {
        await using var hub = Start();
        var end = new TaskCompletionSource();
        var parent = hub.Spawn(() =>
        {
            hub.Spawn(() => end.Task.Wait()).Name = "child";
            end.Task.Wait();
        });
        parent.Name = "parent";
        hub.Spawn(() => end.Task.Wait()).Name = "other";
        Deadline.Wait(() => hub.Snapshot().Waiting == 3, "three that wait", hub.Snapshot().ToString);

        var lines = hub.Snapshot().ToString().Split(Environment.NewLine);
        end.SetResult();

        Assert.Matches("^hub \"seen\" running, loop Threads, queued \\d+, active 3, waiting 3, busy for \\d+ ms, load .*%, carriers \\d+ \\(\\d+ busy\\)", lines[0]);
        var at = Array.FindIndex(lines, line => line.Contains(" parent ", StringComparison.Ordinal));
        Assert.StartsWith("  #", lines[at], StringComparison.Ordinal);
        Assert.Matches($"^    #\\d+ child Waiting, begun \\d+ ms ago, waits for .* since \\d+ ms, spawned by #{parent.Id}", lines[at + 1]);
        Assert.Contains(lines, line => line.StartsWith("  #", StringComparison.Ordinal) && line.Contains(" other ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Snapshot_AGreenletThatRunsItsFirstSegment_IsListedAsTheCurrentOne()
    {
        await using var hub = Start();
        using var begun = new ManualResetEventSlim();
        var end = false;
        var greenlet = hub.Spawn(() =>
        {
            begun.Set();
            while (!Volatile.Read(ref end))
                Thread.SpinWait(50);
        });
        Deadline.Wait(() => begun.IsSet, "the begin");

        var snapshot = hub.Snapshot();
        var found = hub.Find(greenlet.Id);
        Volatile.Write(ref end, true);

        Assert.Equal(greenlet.Id, snapshot.Current);
        Assert.Equal(GreenletStatus.Running, Assert.Single(snapshot.Greenlets).Status);
        Assert.Same(greenlet, found);
        Assert.True(greenlet.Join(Deadline.Default));
        Assert.Null(hub.Find(greenlet.Id));
    }

    [Fact]
    public async Task Snapshot_StacksAskedFor_ShowsWhereItWaitsAndWhereItWasSpawned()
    {
        await using var hub = Start(captures: true);
        var end = new TaskCompletionSource();
        _ = hub.Spawn(() => WaitHere(end.Task));
        Deadline.Wait(() => hub.Snapshot().Waiting == 1, "one that waits", hub.Snapshot().ToString);

        var with = hub.Snapshot(new HubSnapshotOptions { Stacks = true });
        var without = hub.Snapshot();
        end.SetResult();

        var greenlet = Assert.Single(with.Greenlets);
        Assert.Contains(nameof(WaitHere), greenlet.Stack, StringComparison.Ordinal);
        Assert.DoesNotContain("GreenletBridge.HookedContext", greenlet.Stack, StringComparison.Ordinal);
        Assert.Contains(nameof(Snapshot_StacksAskedFor_ShowsWhereItWaitsAndWhereItWasSpawned), greenlet.SpawnSite, StringComparison.Ordinal);
        Assert.Matches(@"HubSnapshotTests\.cs:line \d+", greenlet.Stack);
        Assert.Matches(@"HubSnapshotTests\.cs:line \d+", greenlet.SpawnSite);
        Assert.Contains("waits at:", with.ToString(), StringComparison.Ordinal);
        Assert.Contains("spawned at:", with.ToString(), StringComparison.Ordinal);
        Assert.Null(Assert.Single(without.Greenlets).Stack);
    }

    [Fact]
    public async Task Snapshot_WithoutGreenlets_CountsThemStill()
    {
        await using var hub = Start();
        var end = new TaskCompletionSource();
        _ = hub.Spawn(() => end.Task.Wait());
        Deadline.Wait(() => hub.Snapshot().Waiting == 1, "one that waits", hub.Snapshot().ToString);

        var snapshot = hub.Snapshot(new HubSnapshotOptions { Greenlets = false });
        end.SetResult();

        Assert.Empty(snapshot.Greenlets);
        Assert.Equal(1, snapshot.Waiting);
        Assert.Equal(1, snapshot.Active);
        Assert.InRange(snapshot.BusyTime, TimeSpan.Zero, snapshot.Age);
        Assert.InRange(snapshot.BusyCarriers, 1, snapshot.Carriers);
    }

    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(1_000)]
    public async Task Snapshot_WithoutGreenlets_CountsAllOfManyThatWait(int many)
    {
        await using var hub = Start();
        var end = new TaskCompletionSource();
        for (var i = 0; i < many; i++)
            _ = hub.Spawn(async () => await end.Task);
        Deadline.Wait(() => hub.Snapshot().Waiting == many, "all that wait", hub.Snapshot().ToString);

        var waiting = hub.Snapshot(new HubSnapshotOptions { Greenlets = false }).Waiting;
        end.SetResult();

        Assert.Equal(many, waiting);
        Deadline.Wait(() => hub.Snapshot(new HubSnapshotOptions { Greenlets = false }) is { Waiting: 0, Active: 0 }, "the end of all", hub.Snapshot().ToString);
    }

    private static void WaitHere(Task task) => task.Wait();

    private static Hub Start(bool captures = false)
    {
        var hub = new Hub(new HubOptions { Name = "seen", Loop = HubLoop.Threads, CapturesStacks = captures, BlockingPolicy = BlockingPolicy.Report });
        hub.Start();
        return hub;
    }
}
