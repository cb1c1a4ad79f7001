using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>What a snapshot lists of greenlets that run and have not waited yet, and in which order it lists them.</summary>
public sealed class GreenletSnapshotTests : HubTests
{
    [Fact]
    public void OfSeveral_ListsTheOldestFirst_WhicheverHasTheLowerNumber()
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

    [Fact]
    public void OfOneThatRuns_SaysNothingOfAWait()
    {
        var hub = StartHub();

        var row = Assert.Single(WhileItRuns(hub, new WorkProfile("profiled"), out _).Greenlets);

        Assert.Equal((null, null), (row.WaitingFor, row.WaitedFor));
        Assert.Equal("profiled", row.Tag);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void OfOneThatIsKnownToBlock_ListsItBeforeItWaits(HubLoop loop)
    {
        var hub = StartHub(loop);
        var profile = new WorkProfile("known to block");
        profile.NoteBlocked();

        // Beside the hub, which has nothing to run
        var snapshot = WhileItRuns(hub, profile, out var greenlet);

        Assert.False(snapshot.Current.HasValue);
        Assert.Equal((greenlet.Id, GreenletStatus.Running), Assert.Single(snapshot.Greenlets.Select(static one => (one.Id, one.Status))));
    }

    [Theory]
    [InlineData(HubEvents.None, 0)]
    [InlineData(HubEvents.Greenlets, 1)]
    public void OfOneThatRunsInPlace_ListsItIfAListenerAsksForGreenlets(HubEvents wanted, int listed)
    {
        var hub = StartHub(configure: options => options.Listener = new RecordingHubListener { WantedEvents = (int)wanted });
        var profile = new WorkProfile("short");
        for (var i = 0; i < 100; i++)
            profile.Trust.NoteRun(0);
        Assert.True(profile.RunsInPlace);

        var snapshot = WhileItRuns(hub, profile, out _);

        Assert.Equal((1, listed), (snapshot.Active, snapshot.Greenlets.Count));
    }

    private static HubSnapshot WhileItRuns(Hub hub, WorkProfile profile, out Greenlet greenlet)
    {
        var (runs, isSeen) = (false, false);
        // It may run in place, on the thread that spawns it
        var spawn = Task.Run(() => hub.SpawnInPlace(
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

        greenlet = Deadline.Wait(spawn, "the caller", () => hub.Snapshot().ToString());
        Succeeds(greenlet);
        return snapshot;
    }
}
