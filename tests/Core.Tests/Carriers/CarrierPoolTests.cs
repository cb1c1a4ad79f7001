using System.Collections.Concurrent;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Carriers;

/// <summary>The pool of carriers: what the cap holds back and what it never does, retirement, the reserve, starts that fail.</summary>
public sealed class CarrierPoolTests : HubTests
{
    [Theory]
    [MemberData(nameof(Loops))]
    public void Cap_MoreRootWorkThanCarriers_HoldsBackOnlyWhatHasNotBegunInOrder(HubLoop loop)
    {
        const int Cap = 3;
        const int Greenlets = 20;
        var pool = NewPool(new CarrierOptions { Max = Cap, IdleTimeout = TimeSpan.FromSeconds(1) });
        var hub = StartHub(loop, options => options.Carriers = pool);
        var order = new ConcurrentQueue<int>();
        var gates = Enumerable.Range(0, Greenlets).Select(static _ => new TaskCompletionSource()).ToArray();
        var most = 0;
        var now = 0;
        var greenlets = Enumerable.Range(0, Greenlets)
            .Select(i => hub.Spawn(() =>
            {
                order.Enqueue(i);
                most = Math.Max(most, ++now);
                Greenlet.Await(gates[i].Task);
                now--;
            }))
            .ToArray();

        for (var i = 0; i < Greenlets; i++)
        {
            var begun = Math.Min(Greenlets, i + Cap);
            Deadline.Wait(() => order.Count == begun, $"{begun} greenlets to begin", () => $"{order.Count} have{Environment.NewLine}{hub.Snapshot()}");
            gates[i].SetResult();
        }

        Succeeds(greenlets);
        Assert.Equal(Enumerable.Range(0, Greenlets), order);
        Assert.Equal(Cap, most);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Cap_OfFour_HundredTimesFiveDeepNestingEnds(HubLoop loop)
    {
        var pool = NewPool(new CarrierOptions { Max = 4, IdleTimeout = TimeSpan.FromSeconds(1) });
        var hub = StartHub(loop, options => options.Carriers = pool);

        var roots = Enumerable.Range(0, 100).Select(_ => hub.Spawn(() => NestBlocking(hub, 5))).ToArray();

        Succeeds(roots);
        Assert.All(roots, static root => Assert.Equal(5, root.Get()));
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Cap_OfFour_NestingOnAGroupEnds(HubLoop loop)
    {
        var pool = NewPool(new CarrierOptions { Max = 4, IdleTimeout = TimeSpan.FromSeconds(1) });
        var group = StartGroup(2, loop, options => options.Carriers = pool);

        // Every level goes through the queue that the hubs share.
        int Nest(int depth) => depth == 0 ? 0 : 1 + group.Spawn(() => Nest(depth - 1)).Get();
        var roots = Enumerable.Range(0, 50).Select(_ => group.Spawn(() => Nest(4))).ToArray();

        foreach (var root in roots)
            Deadline.Wait(() => root.IsReady, "the end of the nesting", () => string.Join(Environment.NewLine, group.Hubs.Select(static hub => hub.Snapshot())));
        Assert.All(roots, static root => Assert.Equal(4, root.Get()));
    }

    [Fact]
    public void Cap_SharedByTwoHubs_WakesTheOneThatWasStarved()
    {
        var pool = NewPool(new CarrierOptions { Max = 2, IdleTimeout = TimeSpan.FromSeconds(1) });
        var first = StartHub(configure: options => options.Carriers = pool);
        var second = StartHub(configure: options => options.Carriers = pool);
        for (var round = 0; round < 200; round++)
        {
            var gate = new TaskCompletionSource();
            var holders = Enumerable.Range(0, 2).Select(_ => first.Spawn(() => Greenlet.Await(gate.Task))).ToArray();
            var starved = new List<Greenlet>();
            for (var i = 0; i < 3; i++)
            {
                starved.Add(second.Spawn(static () => Greenlet.Yield()));
                starved.Add(first.Spawn(static () => Greenlet.Yield()));
            }

            gate.SetResult();
            Succeeds(holders);
            Succeeds(starved);
        }
    }

    [Fact]
    public void Cap_RaisedWhileWorkWaits_LetsItBegin()
    {
        var pool = NewPool(new CarrierOptions { Max = 1, IdleTimeout = TimeSpan.FromSeconds(1) });
        var hub = StartHub(configure: options => options.Carriers = pool);
        var gate = new TaskCompletionSource();
        var holder = hub.Spawn(() => Greenlet.Await(gate.Task));
        Waits(holder);
        using var began = new ManualResetEventSlim();
        var waiting = hub.Spawn(began.Set);
        Assert.False(began.Wait(TimeSpan.FromMilliseconds(30)));

        pool.Configure(new CarrierOptions { Max = 2, IdleTimeout = TimeSpan.FromSeconds(1) });

        Comes(began, "the greenlet that was held back", hub);
        gate.SetResult();
        Succeeds(holder, waiting);
    }

    [Fact]
    public void HardMax_AllCarriersBusy_SpawnFailsAndSaysWhy()
    {
        var pool = NewPool(new CarrierOptions { Max = 2, HardMax = 2, IdleTimeout = TimeSpan.FromSeconds(1) });
        var hub = StartHub(configure: options => options.Carriers = pool);
        var gate = new TaskCompletionSource();
        var parent = hub.Spawn(() =>
        {
            var child = hub.Spawn(() => Greenlet.Await(gate.Task));
            Greenlet.Await(gate.Task);
            child.Get();
        });
        Deadline.Wait(() => hub.Snapshot().Waiting == 2, "two parked greenlets", () => hub.Snapshot().ToString());

        var error = Assert.Throws<InvalidOperationException>(() => hub.Spawn(static () => { }));

        Assert.Contains("HardMax", error.Message, StringComparison.Ordinal);
        Assert.Contains("2 carriers", error.Message, StringComparison.Ordinal);
        gate.SetResult();
        Succeeds(parent);
        Succeeds(hub.Spawn(static () => { }));
    }

    [Fact]
    public void HardMax_WorkIsStranded_SleepersOfTheHubStillWake()
    {
        // The child is accepted before the carriers are used up, and finds none.
        var pool = NewPool(new CarrierOptions { Max = 2, HardMax = 2, IdleTimeout = TimeSpan.FromSeconds(1) });
        var hub = StartHub(configure: options => options.Carriers = pool);
        Greenlet? stranded = null;
        var first = hub.Spawn(() => Greenlet.Sleep(30));
        var second = hub.Spawn(() =>
        {
            stranded = hub.Create(static () => Greenlet.Yield());
            stranded.StartEvenIfClosed();
            Greenlet.Sleep(10);
        });

        Succeeds(first, second);
        Succeeds(stranded!);
    }

    [Fact]
    public void HardMax_BlockingWorkIsStranded_AsyncWorkOfTheSchedulersGoesOn()
    {
        var hub = StartHub(HubLoop.Scheduler, options => options.Carriers = NewPool(new CarrierOptions { Max = 1, HardMax = 1, IdleTimeout = TimeSpan.FromSeconds(1) }));
        var posted = false;

        var blocking = hub.Spawn(() =>
        {
            // Wants the one carrier, which waits for what comes behind it
            hub.SynchronizationContext.Post(_ => posted = true, null);
            return hub.Spawn(static () => Task.FromResult(1)).Get();
        });

        Assert.Equal(1, Gives(blocking));
        Deadline.Wait(() => Volatile.Read(ref posted), "what was posted", () => hub.Snapshot().ToString());
    }

    [Fact]
    public void Start_AnotherHubsReserveIsBeingMade_WorkThatItHeldBackBegins()
    {
        var pool = NewPool(new CarrierOptions { Max = 1, IdleTimeout = TimeSpan.FromSeconds(1) });
        var first = StartHub(configure: options => options.Carriers = pool);
        Greenlet? greenlet = null;
        pool.StartThread = thread =>
        {
            // While the thread is made it counts as busy
            greenlet ??= first.Spawn(static () => { });
            thread.UnsafeStart();
        };

        StartHub(configure: options => options.Carriers = pool);

        Succeeds(greenlet!);
    }

    [Fact]
    public void Configure_OptionsAreChangedAfterwards_ChangesNothing()
    {
        var options = new CarrierOptions { Max = 3 };
        var pool = NewPool(options);
        options.Max = 4;
        Assert.Equal(3, pool.Options.Max);

        pool.Configure(options);
        options.Max = 5;
        Assert.Equal(4, pool.Options.Max);
    }

    [Fact]
    public void Idle_LongerThanTheTimeout_OnlyTheReserveStays()
    {
        var pool = NewPool(new CarrierOptions { IdleTimeout = TimeSpan.FromMilliseconds(20) });
        var hub = StartHub(configure: options => options.Carriers = pool);
        var gate = new TaskCompletionSource();
        var greenlets = Enumerable.Range(0, 10).Select(_ => hub.Spawn(() => Greenlet.Await(gate.Task))).ToArray();
        Deadline.Wait(() => hub.Snapshot().Waiting == 10, "ten parked greenlets", () => hub.Snapshot().ToString());
        Assert.InRange(pool.Count, 10, 12);

        gate.SetResult();
        Succeeds(greenlets);

        Deadline.Wait(() => pool.Count == 1, "all carriers but the reserve to end", () => $"{pool.Count} carriers, {pool.Busy} busy");
        Succeeds(hub.Spawn(static () => Greenlet.Yield()));
    }

    [Fact]
    public async Task Stop_OfEveryHub_LetsTheReservesEnd()
    {
        var pool = NewPool(new CarrierOptions { IdleTimeout = TimeSpan.FromMilliseconds(20) });
        var hubs = Enumerable.Range(0, 4).Select(_ => StartHub(configure: options => options.Carriers = pool)).ToArray();
        Assert.Equal(4, pool.Count);

        foreach (var hub in hubs)
            await Deadline.For(hub.StopAsync(TimeSpan.Zero), "the hub's stop", () => hub.Snapshot().ToString());

        await Deadline.Until(() => pool.Count == 0, "every carrier to end", () => $"{pool.Count} carriers, {pool.Busy} busy");
    }

    [Fact]
    public void Carriers_WorkOneAfterTheOther_AreReusedLastInFirstOut()
    {
        var pool = NewPool();
        var hub = StartHub(configure: options => options.Carriers = pool);
        var gate = new TaskCompletionSource();
        var warm = Enumerable.Range(0, 5).Select(_ => hub.Spawn(() => Greenlet.Await(gate.Task))).ToArray();
        Deadline.Wait(() => hub.Snapshot().Waiting == 5, "five parked greenlets", () => hub.Snapshot().ToString());
        gate.SetResult();
        Succeeds(warm);
        Deadline.Wait(() => pool.Busy == 0, "the carriers to idle", () => hub.Snapshot().ToString());

        var threads = new List<int>();
        for (var i = 0; i < 20; i++)
        {
            threads.Add(Gives(hub.Spawn(static () => Environment.CurrentManagedThreadId)));
            Deadline.Wait(() => pool.Busy == 0, "the carrier to idle", () => hub.Snapshot().ToString());
        }

        Assert.Single(threads.Distinct());
    }

    [Fact]
    public void OnCarrierReturned_OnTheCarrier_RunsEachTimeAndMayThrow()
    {
        var calls = new ConcurrentQueue<string?>();
        var pool = NewPool(new CarrierOptions
        {
            IdleTimeout = TimeSpan.FromSeconds(1),
            OnCarrierReturned = () =>
            {
                calls.Enqueue(Thread.CurrentThread.Name);
                throw new InvalidOperationException("the test's own");
            },
        });
        var hub = StartHub(configure: options => options.Carriers = pool);

        for (var i = 1; i <= 3; i++)
        {
            Succeeds(hub.Spawn(static () => { }));
            Deadline.Wait(() => calls.Count >= i && pool.Busy == 0, "the carrier's return", () => hub.Snapshot().ToString());
        }

        Assert.All(calls, static name => Assert.StartsWith("greenlet ", name, StringComparison.Ordinal));
    }

    [Fact]
    public void Take_ThreadCannotStart_IsReportedAndTheWorkRunsWhenOneCan()
    {
        var listener = new StartListener();
        var fails = false;
        var pool = NewPool();
        pool.StartThread = thread =>
        {
            if (Volatile.Read(ref fails))
                throw NoThread();
            thread.UnsafeStart();
        };
        var hub = StartHub(configure: options =>
        {
            options.Carriers = pool;
            options.Listener = listener;
        });
        Volatile.Write(ref fails, true);
        var gate = new TaskCompletionSource();
        // The reserve serves the first; the second finds no thread.
        var first = hub.Spawn(() => Greenlet.Await(gate.Task));
        Waits(first);
        var second = hub.Spawn(static () => Greenlet.Yield());
        Deadline.Wait(() => !listener.Failures.IsEmpty, "the failed start to be reported", () => hub.Snapshot().ToString());
        Assert.Equal(1, pool.Count);
        Assert.False(second.IsReady);

        // The one carrier comes back and takes what lies there.
        gate.SetResult();

        Succeeds(first, second);
        Volatile.Write(ref fails, false);
        Succeeds(hub.Spawn(static () => Greenlet.Yield()));
        Assert.All(listener.Failures, error => Assert.IsType<OutOfMemoryException>(error));
    }

    [Fact]
    public void Start_ThreadCannotStart_FailsAndTheNextStartWorks()
    {
        var pool = NewPool();
        pool.StartThread = static _ => throw NoThread();
        var hub = NewHub(configure: options => options.Carriers = pool);

        Assert.IsType<OutOfMemoryException>(Assert.Throws<InvalidOperationException>(hub.Start).InnerException);
        Assert.Equal(0, pool.Count);

        pool.StartThread = static thread => thread.UnsafeStart();
        hub.Start();
        Succeeds(hub.Spawn(static () => Greenlet.Yield()));
    }

    [Fact]
    public void Carriers_AreNamedBackgroundThreads()
    {
        var hub = StartHub();

        var (name, background, pool) = Gives(hub.Spawn(static () => (Thread.CurrentThread.Name, Thread.CurrentThread.IsBackground, Thread.CurrentThread.IsThreadPoolThread)));

        Assert.StartsWith("greenlet ", name, StringComparison.Ordinal);
        Assert.True(background);
        Assert.False(pool);
    }

    [Theory]
    [InlineData(0, 10_000, 0, 30_000, nameof(CarrierOptions.Max))]
    [InlineData(20_001, 30_000, 0, 30_000, nameof(CarrierOptions.Max))]
    [InlineData(10, 9, 0, 30_000, nameof(CarrierOptions.HardMax))]
    [InlineData(10, 30_001, 0, 30_000, nameof(CarrierOptions.HardMax))]
    [InlineData(10, 20, 65_535, 30_000, nameof(CarrierOptions.StackSize))]
    [InlineData(10, 20, -1, 30_000, nameof(CarrierOptions.StackSize))]
    [InlineData(10, 20, 0, 9, nameof(CarrierOptions.IdleTimeout))]
    [InlineData(10, 20, 0, 86_400_001, nameof(CarrierOptions.IdleTimeout))]
    public void Options_OutOfRange_AreRefusedByName(int max, int hardMax, int stackSize, int idleMilliseconds, string name)
    {
        var options = new CarrierOptions { Max = max, HardMax = hardMax, StackSize = stackSize, IdleTimeout = TimeSpan.FromMilliseconds(idleMilliseconds) };

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new CarrierPool(options));
        Assert.Equal(name, error.ParamName);
        Assert.Contains($"CarrierOptions.{name} must be", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CarrierPool().Configure(options));
    }

#pragma warning disable CA2201 // What the runtime throws when the system gives no thread
    private static OutOfMemoryException NoThread() => new("no thread can be had: the test says so");
#pragma warning restore CA2201

    private static int NestBlocking(Hub hub, int depth)
    {
        if (depth == 0)
            return 0;
        // sync → async → sync: each level waits for a Task, whose code waits for a greenlet.
        return 1 + NestAsync(hub, depth - 1).Result;
    }

    private static async Task<int> NestAsync(Hub hub, int depth)
    {
        await Task.Yield();
        var value = await hub.Spawn(() => NestBlocking(hub, depth));
        await Greenlet.YieldAsync();
        return value;
    }

    private sealed class StartListener : HubListener
    {
        internal ConcurrentQueue<Exception> Failures { get; } = new();

        public override void OnCarrierStartFailed(Hub hub, Exception exception) => Failures.Enqueue(exception);
    }
}
