using System.Diagnostics;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Blocking;

/// <summary>A watchdog that never rests and takes everybody for blocked: whoever it looks at twice in one segment loses the hub.</summary>
public sealed class WatchdogStressTests : HubTests
{
    private const int Greenlets = 800;

    [Theory]
    [InlineData(HubLoop.Threads, 1)]
    [InlineData(HubLoop.Threads, 2)]
    [InlineData(HubLoop.Scheduler, 3)]
    [InlineData(HubLoop.Scheduler, 4)]
    public void HandOff_EverybodyIsTakenForBlocked_EachRunsOnceAndEnds(HubLoop loop, int seed)
    {
        using var watchdog = new Eager();
        var hub = StartHub(loop, options => options.Watchdog = watchdog.Watchdog);
        var random = new Random(seed);
        var runs = new int[Greenlets];
        var gate = new object();
        var all = new List<Greenlet>();
        for (var i = 0; i < Greenlets; i++)
        {
            var id = i;
            var kind = random.Next(6);
            all.Add(kind == 0
                ? hub.Spawn(async () =>
                {
                    Interlocked.Increment(ref runs[id]);
                    await Greenlet.YieldAsync();
                    Thread.SpinWait(200);
                    await Greenlet.YieldAsync();
                })
                : hub.Spawn(() => Block(kind, ref runs[id], gate)));
            if (random.Next(40) == 0)
                all[random.Next(all.Count)].Kill();
            if (random.Next(10) == 0)
                Thread.SpinWait(random.Next(2_000));
        }

        foreach (var greenlet in all)
            Ends(greenlet, $"Seed {seed}: the end of");
        Assert.All(all, greenlet => Assert.True(greenlet.Status is GreenletStatus.Completed or GreenletStatus.Killed, $"seed {seed}: {greenlet} {greenlet.Exception}"));
        Assert.All(runs, count => Assert.InRange(count, 0, 1));
        Assert.True(hub.Blockages > 0, "Nobody was found: the test tests nothing.");
    }

    [Theory]
    [InlineData(HubLoop.Threads, 1)]
    [InlineData(HubLoop.Scheduler, 2)]
    public void Lent_EverybodyIsTakenForBlocked_NothingBeginsMeanwhileAndAllEnd(HubLoop loop, int seed)
    {
        using var watchdog = new Eager();
        var hub = StartHub(loop, options =>
        {
            options.Watchdog = watchdog.Watchdog;
            options.Exclusive = true;
            options.MaxBlockingTime = TimeSpan.FromMilliseconds(1);
        });
        var random = new Random(seed);
        var beginning = 0;
        var together = 0;
        var gate = new object();
        var all = new List<Greenlet>();
        for (var i = 0; i < Greenlets; i++)
        {
            var kind = random.Next(1, 6);
            all.Add(hub.Spawn(() =>
            {
                // Up to its first wait it may lend the hub, and then only those run that have begun: so no other is here.
                if (Interlocked.Increment(ref beginning) != 1)
                    Interlocked.Increment(ref together);
                Thread.SpinWait(500);
                Interlocked.Decrement(ref beginning);
                var runs = 0;
                Block(kind, ref runs, gate);
            }));
        }

        foreach (var greenlet in all)
            Ends(greenlet, $"Seed {seed}: the end of");
        Succeeds(all);
        Assert.Equal(0, together);
        Assert.True(hub.Blockages > 0, "Nobody was found: the test tests nothing.");
    }

    [Fact]
    public void Strict_EverybodyIsTakenForBlocked_OneAtATimeAllTheSame()
    {
        using var watchdog = new Eager();
        var hub = StartHub(configure: options =>
        {
            options.Watchdog = watchdog.Watchdog;
            options.StrictExclusive = true;
            options.MaxBlockingTime = TimeSpan.FromMilliseconds(1);
        });
        var inside = 0;
        var together = 0;
        Succeeds(Enumerable.Range(0, Greenlets).Select(_ => hub.Spawn(() =>
        {
            for (var i = 0; i < 3; i++)
            {
                if (Interlocked.Increment(ref inside) != 1)
                    Interlocked.Increment(ref together);
                Thread.SpinWait(200);
                Interlocked.Decrement(ref inside);
                Greenlet.Yield();
            }
        })).ToArray());
        Assert.Equal(0, together);
    }

    private static void Block(int kind, ref int runs, object gate)
    {
        Interlocked.Increment(ref runs);
        switch (kind)
        {
            case 1:
                Thread.SpinWait(1_000);
                break;
            case 2:
                Greenlet.Yield();
                Thread.SpinWait(300);
                Greenlet.Yield();
                break;
            case 3:
                lock (gate)
                    Thread.SpinWait(300);
                break;
            case 4:
                Task.Run(static () => Thread.SpinWait(100)).Wait();
                Thread.SpinWait(100);
                break;
            default:
                Greenlet.Sleep(1);
                break;
        }
    }

    private sealed class Eager : IDisposable
    {
        private readonly Thread _thread;
        private volatile bool _ends;

        public Eager()
        {
            _thread = new Thread(() =>
            {
                // Its clock runs ahead: every look is a millisecond after the last one.
                for (var now = Stopwatch.GetTimestamp(); !_ends; now += Stopwatch.Frequency / 1_000)
                    Watchdog.Look(now);
            }) { IsBackground = true };
            _thread.Start();
        }

        public Watchdog Watchdog { get; } = new(new TakesAllForBlocked(), hasThread: false);

        public void Dispose()
        {
            _ends = true;
            Deadline.Wait(_thread, "the watchdog's thread");
        }
    }

    private sealed class TakesAllForBlocked : ThreadProbe
    {
        internal override bool IsBlocked(Runner runner) => true;
    }
}
