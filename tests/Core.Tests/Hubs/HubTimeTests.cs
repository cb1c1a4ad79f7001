using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Hubs;

/// <summary>Timers of a hub on a clock that stands still until it is moved, and on the system's.</summary>
public sealed class HubTimeTests : HubTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [MemberData(nameof(Loops))]
    public void SpawnLater_SeveralTimes_StartsByTimeThenByOrder(HubLoop loop)
    {
        var hub = StartHub(loop, options => options.TimeProvider = _time);
        var log = new List<int>();
        int[] delays = [30, 10, 20, 10, 0, 30];
        var greenlets = delays
            .Select((delay, i) => i % 2 == 0
                ? hub.SpawnLater(TimeSpan.FromMilliseconds(delay), () => log.Add(i))
                : hub.SpawnLater(TimeSpan.FromMilliseconds(delay), () =>
                {
                    log.Add(i);
                    return Task.CompletedTask;
                }))
            .ToArray();
        Succeeds(greenlets[4]);
        Assert.Equal([4], log);
        Assert.Equal(GreenletStatus.Created, greenlets[1].Status);

        Advance(hub, 9);
        Assert.Equal([4], log);
        Advance(hub, 1);
        Succeeds(greenlets[1], greenlets[3]);
        Assert.Equal([4, 1, 3], log);
        Advance(hub, 100);
        Succeeds(greenlets);
        Assert.Equal([4, 1, 3, 2, 0, 5], log);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Sleep_OnAManualClock_WakesExactlyWhenDue(HubLoop loop)
    {
        var hub = StartHub(loop, options => options.TimeProvider = _time);
        var log = new List<string>();
        var blocking = hub.Spawn(() =>
        {
            Greenlet.Sleep(20);
            log.Add("blocking");
        });
        var asynchronous = hub.Spawn(async () =>
        {
            await Greenlet.SleepAsync(TimeSpan.FromMilliseconds(10));
            log.Add("async");
        });
        Waits(blocking);
        Waits(asynchronous);
        Settle(hub);

        Advance(hub, 9);
        Assert.Empty(log);
        Advance(hub, 1);
        Succeeds(asynchronous);
        Assert.Equal(["async"], log);
        Advance(hub, 9);
        Assert.Single(log);
        Advance(hub, 1);
        Succeeds(blocking);
        Assert.Equal(["async", "blocking"], log);
        Deadline.Wait(() => _time.TimerCount == 0, "no timer to be left", () => hub.Snapshot().ToString());
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Join_TimeoutOnTheHubsClock_GivesUpWhenDue(HubLoop loop)
    {
        var hub = StartHub(loop, options => options.TimeProvider = _time);
        var sleeper = hub.Spawn(static () => Greenlet.Sleep(TimeSpan.FromHours(1)));
        var joiner = hub.Spawn(() => sleeper.Join(TimeSpan.FromMinutes(1)));
        var getter = hub.Spawn(() => Assert.Throws<TimeoutException>(() => sleeper.Get(TimeSpan.FromMinutes(2))).Message);
        var looker = hub.Spawn(() => sleeper.Join(TimeSpan.Zero));
        Assert.False(Gives(looker));
        Waits(joiner);
        Waits(getter);
        Settle(hub);

        Advance(hub, 60_000);
        Assert.False(Gives(joiner));
        Assert.False(getter.IsReady);
        Advance(hub, 60_000);
        Assert.Contains("did not end within 00:02:00", Gives(getter), StringComparison.Ordinal);
        Advance(hub, 58 * 60_000);
        Succeeds(sleeper);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Join_TokenIsCancelled_Throws(HubLoop loop)
    {
        var hub = StartHub(loop);
        using var source = new CancellationTokenSource();
        using var gate = new ManualResetEventSlim();
        var target = hub.Spawn(gate.Wait);
        var joiner = hub.Spawn(() => Assert.ThrowsAny<OperationCanceledException>(() => target.Join(null, source.Token)).CancellationToken);
        Waits(joiner);

        source.Cancel();

        Assert.Equal(source.Token, Gives(joiner));
        Assert.False(target.IsReady);
        Assert.Throws<OperationCanceledException>(() => target.Join(null, new CancellationToken(canceled: true)));
        gate.Set();
        Succeeds(target);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Sleep_OnTheSystemsClock_IsNeverEarly(HubLoop loop)
    {
        var hub = StartHub(loop);
        var greenlets = Enumerable.Range(0, 40)
            .Select(i => hub.Spawn(() =>
            {
                var time = TimeSpan.FromMilliseconds(i % 8);
                var started = System.Diagnostics.Stopwatch.GetTimestamp();
                Greenlet.Sleep(time);
                return System.Diagnostics.Stopwatch.GetElapsedTime(started) - time;
            }))
            .ToArray();

        Assert.All(greenlets, static greenlet => Assert.True(Gives(greenlet) >= TimeSpan.Zero));
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Sleep_ManyAndBusy_AllWake(HubLoop loop)
    {
        // The thread that watches the time changes all the while. Each step hands the hub from thread to thread, which on a machine with other work
        // to do takes as long as that lets the next thread wait: so not more steps than a deadline has room for.
        var hub = StartHub(loop);
        var greenlets = Enumerable.Range(0, 40)
            .Select(i => hub.Spawn(() =>
            {
                for (var step = 0; step < 10; step++)
                {
                    Greenlet.Sleep((i + step) % 4);
                    if ((i + step) % 5 == 0)
                        Task.Run(static () => { }).Wait();
                }
            }))
            .ToArray();

        Succeeds(greenlets);
    }

    [Fact]
    public void Kill_OfASleeper_FreesItsTimer()
    {
        var hub = StartHub(configure: options => options.TimeProvider = _time);
        var sleeper = hub.Spawn(static () => Greenlet.Sleep(TimeSpan.FromHours(1)));
        Waits(sleeper);
        Settle(hub);
        Assert.Equal(1, _time.TimerCount);

        sleeper.Kill();
        Ends(sleeper);

        Deadline.Wait(() => _time.TimerCount == 0, "the timer to be freed", () => hub.Snapshot().ToString());
    }

    [Fact]
    public void Advance_RunsNoHubCodeInline()
    {
        var hub = StartHub(configure: options => options.TimeProvider = _time);
        var sleeper = hub.Spawn(static () =>
        {
            Greenlet.Sleep(1);
            return Environment.CurrentManagedThreadId;
        });
        Waits(sleeper);
        Settle(hub);

        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.NotEqual(Environment.CurrentManagedThreadId, Gives(sleeper));
    }

    /// <summary>Until the hub has set its alarm and let go of everything.</summary>
    private static void Settle(Hub hub) =>
        Deadline.Wait(() => !hub.Dispatcher.IsBusy && hub.Dispatcher.Queued == 0, "the hub to be idle", () => hub.Snapshot().ToString());

    private void Advance(Hub hub, int milliseconds)
    {
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        Settle(hub);
    }
}
