using System.Collections.Concurrent;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Faults;

/// <summary>Code that does to a greenlet's thread and context what it would do to its own.</summary>
public sealed class ForeignCodeTests : HubTests
{
    [Fact]
    public void Interrupt_FromForeignCode_EndsTheWaitThatItMeetsAndNothingElse()
    {
        var hub = StartHub();
        Thread? carrier = null;
        using var never = new ManualResetEventSlim();
        var greenlet = hub.Spawn(() =>
        {
            carrier = Thread.CurrentThread;
            Assert.Throws<ThreadInterruptedException>(never.Wait);
            // A hub wait after it is met by nothing.
            Greenlet.Sleep(1);
        });
        Deadline.Wait(() => carrier is not null && greenlet.Status == GreenletStatus.Waiting, "the wait", () => hub.Snapshot().ToString());

        carrier!.Interrupt();

        Succeeds(greenlet);
        Succeeds(Enumerable.Range(0, 20).Select(_ => hub.Spawn(static () => Greenlet.Yield())));
    }

    [Theory]
    [InlineData("a thread of its own")]
    [InlineData("another greenlet")]
    [InlineData("a greenlet of another hub")]
    public void Context_OfAGreenletIsMadeCurrentElsewhere_BlockingThereIsAPlainWait(string where)
    {
        var hub = StartHub();
        var other = StartHub();
        using var gate = new ManualResetEventSlim();
        var context = new TaskCompletionSource<SynchronizationContext>();
        var owner = hub.Spawn(() =>
        {
            context.SetResult(SynchronizationContext.Current!);
            gate.Wait();
        });
        var foreign = Deadline.Wait(context.Task, "the context");
        using var blocks = new ManualResetEventSlim();
        bool Block()
        {
            var mine = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(foreign);
            blocks.Set();
            var came = gate.Wait(Deadline.Default);
            Assert.Same(foreign, SynchronizationContext.Current);
            SynchronizationContext.SetSynchronizationContext(mine);
            return came;
        }

        var done = where switch
        {
            "another greenlet" => hub.Bridge.RunAsync(Block),
            "a greenlet of another hub" => other.Bridge.RunAsync(Block),
            _ => Task.Factory.StartNew(Block, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default),
        };
        Comes(blocks, "the wait", hub);
        Waits(owner);
        Assert.False(done.IsCompleted);
        gate.Set();

        Assert.True(Deadline.Wait(done, "the foreign wait's end", () => hub.Snapshot().ToString()));
        Succeeds(owner, hub.Spawn(static () => Greenlet.Yield()), other.Spawn(static () => Greenlet.Yield()));
    }

    [Fact]
    public void Interrupt_FromForeignCodeAtAnyTime_TheHubGoesOn()
    {
        // No wait of the engine's own may take it for its own, nor may it end the carrier.
        var pool = NewPool();
        var hub = StartHub(configure: options => options.Carriers = pool);
        var carriers = new ConcurrentDictionary<Thread, bool>();
        var gate = new GreenletEvent();
        var isOver = false;
        var interrupter = new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                foreach (var thread in carriers.Keys)
                    thread.Interrupt();
                Thread.Yield();
            }
        });
        interrupter.Start();
        var hits = 0;
        var greenlets = Enumerable.Range(0, 200).Select(i => hub.Spawn(() =>
        {
            carriers[Thread.CurrentThread] = true;
            for (var step = 0; step < 10; step++)
            {
                try
                {
                    switch (i % 3)
                    {
                        case 0:
                            Greenlet.Yield();
                            break;
                        case 1:
                            Greenlet.Sleep(TimeSpan.FromTicks(100));
                            break;
                        default:
                            using (var wait = new ManualResetEventSlim())
                                wait.Wait(1);
                            break;
                    }
                }
                catch (ThreadInterruptedException)
                {
                    Interlocked.Increment(ref hits);
                }
            }
        })).ToArray();

        try
        {
            foreach (var greenlet in greenlets)
                Ends(greenlet);
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            Deadline.Wait(interrupter, "the interrupter");
        }

        // An interrupt may have met the last step's end; whatever it broke off was the greenlet's own code.
        Assert.All(greenlets, static greenlet => Assert.True(greenlet.IsSuccessful || greenlet.Exception is ThreadInterruptedException, $"{greenlet} {greenlet.Exception}"));
        Succeeds(Enumerable.Range(0, 20).Select(_ => hub.Spawn(static () => Greenlet.Yield())));
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void SynchronizationContext_AForeignOneIsInstalled_WaitsWorkAndItLeavesWithTheSegment(HubLoop loop)
    {
        var hub = StartHub(loop);
        var foreign = new CountingContext();
        var blocking = hub.Spawn(() =>
        {
            SynchronizationContext.SetSynchronizationContext(foreign);
            Greenlet.Sleep(1);
            using var gate = new ManualResetEventSlim();
            gate.Wait(1);
            Task.Run(static () => { }).Wait();
            Greenlet.Yield();
        });
        var async = hub.Spawn(async () =>
        {
            SynchronizationContext.SetSynchronizationContext(foreign);
            // It goes on where the foreign context says, which is off the hub.
            await Task.Yield();
            await Greenlet.SleepAsync(TimeSpan.FromMilliseconds(1));
        });
        var after = Enumerable.Range(0, 10).Select(_ => hub.Spawn(() => Assert.NotSame(foreign, SynchronizationContext.Current))).ToArray();

        Succeeds([blocking, async, .. after]);
        Assert.InRange(foreign.Posts, 1, 10);
        Succeeds(hub.Spawn(() => Assert.NotSame(foreign, SynchronizationContext.Current)));
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void ConfigureAwait_FalseEverywhere_EndsAndKillsAgree(HubLoop loop)
    {
        var hub = StartHub(loop);
        var greenlets = Enumerable.Range(0, 50).Select(_ => hub.Spawn(async () =>
        {
            await Task.Yield();
            // Not inline where the Task has ended before it is awaited
            await Task.Run(static () => { }).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            // Off the hub: a plain thread of the pool, where waits block it.
            Assert.Null(Greenlet.Current);
            await Greenlet.SleepAsync(TimeSpan.FromMilliseconds(1)).ConfigureAwait(false);
            return await hub.Spawn(static () => 7).JoinAsync().ConfigureAwait(false);
        })).ToArray();

        Succeeds(greenlets);

        var never = new TaskCompletionSource();
        var killed = hub.Spawn(async () =>
        {
            var self = Greenlet.Current!;
            await Task.Run(static () => { }).ConfigureAwait(false);
            await never.Task.WaitAsync(self.KillToken).ConfigureAwait(false);
        });
        Waits(killed);
        killed.Kill();
        Ends(killed);
        Assert.Equal(GreenletStatus.Killed, killed.Status);
    }

    private sealed class CountingContext : SynchronizationContext
    {
        private int _posts;

        public int Posts => Volatile.Read(ref _posts);

        public override void Post(SendOrPostCallback d, object? state)
        {
            Interlocked.Increment(ref _posts);
            ThreadPool.UnsafeQueueUserWorkItem(_ => d(state), null);
        }
    }
}
