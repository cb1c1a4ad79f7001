using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>What snapshots and listeners are shown of a greenlet.</summary>
public sealed class ShownTests : HubTests
{
    private interface IWork<T>
    {
        void Do(T item);
    }

    [Fact]
    public void Snapshot_OfSeveral_ListsTheOldestFirst_WhicheverHasTheLowerNumber()
    {
        var hub = StartHub();
        var goOn = new GreenletEvent();
        var older = hub.Create(() => { goOn.Wait(); });
        var newer = hub.Create(() => { goOn.Wait(); });
        // Numbers are given when they are asked for
        Assert.True(newer.Id < older.Id);

        older.Start();
        Waits(older);
        var began = Environment.TickCount64;
        Deadline.Wait(() => Environment.TickCount64 > began, "the clock to move");
        newer.Start();
        Waits(newer);

        Assert.Equal([older.Id, newer.Id], hub.Snapshot().Greenlets.Select(static one => one.Id).ToList());
        goOn.Set();
        Succeeds(older, newer);
    }

    [Theory]
    [InlineData(HubEvents.None, 0)]
    [InlineData(HubEvents.Greenlets, 1)]
    public void Snapshot_OfOneThatRunsInPlaceAndHasNotWaited_ListsItIfAListenerAsksForGreenlets(HubEvents wanted, int listed)
    {
        var hub = StartHub(configure: options => options.Listener = new RecordingHubListener { WantedEvents = (int)wanted });
        var profile = new WorkProfile("short");
        for (var i = 0; i < 100; i++)
            profile.Trust.NoteRun(0);
        Assert.True(profile.RunsInPlace);
        var (runs, isSeen) = (false, false);
        var caller = Task.Run(() => hub.SpawnInPlace(
            () =>
            {
                Volatile.Write(ref runs, true);
                Computes(() => Volatile.Read(ref isSeen));
                return Task.CompletedTask;
            },
            profile));
        Deadline.Wait(() => Volatile.Read(ref runs), "it runs", () => hub.Snapshot().ToString());

        var snapshot = hub.Snapshot();
        Volatile.Write(ref isSeen, true);

        Succeeds(Deadline.Wait(caller, "the caller", () => hub.Snapshot().ToString()));
        Assert.Equal((1, listed), (snapshot.Active, snapshot.Greenlets.Count));
    }

    [Fact]
    public void OnSegmentEnded_ItBeganInItsTurnAndLostItsHub_IsDetached()
    {
        var listener = new RecordingHubListener { WantedEvents = (int)HubEvents.Segments };
        var hub = StartHub(configure: options => options.Listener = listener);

        // Whoever spins in this way sleeps now and then, and the watchdog takes the hub from it
        var greenlet = hub.Spawn(static () => SpinWait.SpinUntil(static () => Runner.Current!.Segment == SegmentState.Detached, Deadline.Default));

        Assert.True(Gives(greenlet));
        Deadline.Wait(() => !listener.Segments.IsEmpty, "its segment", () => hub.Snapshot().ToString());
        Assert.True(Assert.Single(listener.Segments, segment => segment.Greenlet == greenlet).IsDetached);
    }

    [Fact]
    public void Stacks_OfOneThatWaits_NameFilesAndLines()
    {
        var hub = StartHub(configure: static options => options.CapturesStacks = true);
        var goOn = new GreenletEvent();
        var greenlet = hub.Spawn(() => { goOn.Wait(); });
        Waits(greenlet);

        var shown = Assert.Single(hub.Snapshot(new HubSnapshotOptions { Stacks = true }).Greenlets);
        goOn.Set();

        Assert.Matches(@"ShownTests\.cs:line \d+", shown.Stack);
        Assert.Matches(@"ShownTests\.cs:line \d+", shown.SpawnSite);
        Succeeds(greenlet);
    }

    [Fact]
    public void MethodText_OfAnInterfacesMethodWithTypeArguments_HasItsWholeName()
    {
        var worker = new Worker();
        var method = worker.GetType().GetInterfaceMap(typeof(IWork<int>)).TargetMethods.Single();
        Assert.EndsWith(".IWork<System.Int32>.Do", method.Name, StringComparison.Ordinal);

        Assert.Equal($"{nameof(Worker)}.{method.Name}", MethodText.Of(method));
    }

    private sealed class Worker : IWork<int>
    {
        void IWork<int>.Do(int item)
        {
        }
    }
}
