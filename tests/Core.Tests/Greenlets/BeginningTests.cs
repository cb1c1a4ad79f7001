using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>What comes before a greenlet runs, or instead of it: its time, its turn, a kill, a hub that has stopped.</summary>
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

    [Fact]
    public void Kill_OfOneThatHasNotBegun_CancelsItsToken()
    {
        var greenlet = StartHub().Create(static () => 1);
        var token = greenlet.KillToken;

        Assert.True(greenlet.Kill());

        Assert.True(token.IsCancellationRequested);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public async Task Start_OfOneThatHasEnded_OnAHubThatHasStopped_DoesNothing(HubLoop loop)
    {
        var hub = StartHub(loop);
        var greenlet = hub.Spawn(static () => 1);
        Ends(greenlet);
        await hub.StopAsync(TimeSpan.Zero);

        greenlet.Start();
        greenlet.StartLater(TimeSpan.FromHours(1));

        Assert.Equal(1, greenlet.Get());
    }
}
