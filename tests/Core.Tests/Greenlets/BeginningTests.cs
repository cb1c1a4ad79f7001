using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>How a greenlet gets to run: in its turn, at a time, or beside its hub.</summary>
public sealed class BeginningTests : HubTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Theory]
    [MemberData(nameof(Loops))]
    public void Start_OfOneThatHasATime_WhichComesWhileItIsQueued_RunsItOnce(HubLoop loop)
    {
        var time = new ManualTimeProvider();
        var hub = StartExclusive(loop, options => options.TimeProvider = time);
        var runs = 0;
        var greenlet = hub.Create(() => { runs++; });
        var other = hub.Create(static () => { });
        greenlet.StartLater(_second);
        Deadline.Wait(() => time.NextDue is not null, "its time to be set", () => hub.Snapshot().ToString());

        // The exclusive hub is held: both are queued when the time comes
        var starter = hub.Spawn(() =>
        {
            greenlet.Start();
            other.Start();
            time.Advance(_second);
        });

        Succeeds(starter, greenlet, other);
        Assert.Equal(1, runs);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void SpawnInPlace_OfWhatIsKnownToBlock_IsListedBeforeItWaits(HubLoop loop)
    {
        var hub = StartHub(loop);
        var profile = new WorkProfile("known to block");
        profile.NoteBlocked();
        var (runs, isSeen) = (false, false);
        // Beside the hub, which has nothing to run
        var greenlet = hub.SpawnInPlace(
            () =>
            {
                Volatile.Write(ref runs, true);
                Computes(() => Volatile.Read(ref isSeen));
                return Task.CompletedTask;
            },
            profile);
        Deadline.Wait(() => Volatile.Read(ref runs), "it runs", () => hub.Snapshot().ToString());

        var snapshot = hub.Snapshot();
        Volatile.Write(ref isSeen, true);

        Assert.False(snapshot.Current.HasValue);
        Assert.Equal((greenlet.Id, GreenletStatus.Running), Assert.Single(snapshot.Greenlets.Select(static one => (one.Id, one.Status))));
        Succeeds(greenlet);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_InItsTurnAndNotFoundBlocked_CountsForWhatWasFoundBlockedBefore(bool isNamed)
    {
        // Where the watchdog only reports, nothing begins beside the hub
        var hub = StartHub(configure: static options => options.BlockingPolicy = BlockingPolicy.Report);
        var profile = new WorkProfile("named");
        Func<Task> code = static () => Task.CompletedTask;
        bool IsKnown() => isNamed ? profile.BlocksUnseen : hub.BlockingHistory.Unseen(code)!.IsKnown;
        for (var i = 0; i < 2; i++)
        {
            if (isNamed)
                profile.Unseen.NoteBlocked();
            else
                hub.BlockingHistory.AddUnseen(code);
        }

        Assert.True(IsKnown());

        Succeeds(isNamed ? hub.SpawnInPlace(code, profile) : hub.Spawn(code));
        // One at a time: the first is over, with all that the hub notes of it, when the next one runs
        Succeeds(hub.Spawn(static () => { }));

        Assert.False(IsKnown());
    }
}
