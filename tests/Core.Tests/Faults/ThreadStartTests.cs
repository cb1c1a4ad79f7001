using System.Collections.Concurrent;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Faults;

/// <summary>The system gives no more threads: work queues, it is told once, nothing is lost.</summary>
public sealed class ThreadStartTests : HubTests
{
    private readonly FailureListener _listener = new();
    private int _failures;

    [Fact]
    public void Spawn_NoThreadAtAllForAWhile_RunsWhenOneCanBeHad()
    {
        // A hub on .NET's scheduler has no carrier in reserve: nothing that comes back would bring the work to mind.
        _failures = 3;
        var hub = StartHub(HubLoop.Scheduler, Configure);

        var greenlets = Enumerable.Range(0, 5).Select(i => hub.Spawn(() => i)).ToArray();

        Succeeds(greenlets);
        Assert.InRange(_failures, int.MinValue, 0);
        Assert.IsType<OutOfMemoryException>(Assert.Single(_listener.Failures));
    }

    [Fact]
    public void Spawn_TheOnlyCarrierWaitsForTheWorkThatFindsNone_ItRunsWhenAThreadCanBeHad()
    {
        var hub = StartHub(configure: Configure);
        using var fails = new ManualResetEventSlim();
        var parent = hub.Spawn(() =>
        {
            Volatile.Write(ref _failures, 3);
            return 1 + hub.Spawn(static () => 1).Get();
        });

        Assert.Equal(2, Gives(parent));
        Assert.Single(_listener.Failures);
    }

    [Fact]
    public void Spawn_ManyWhileHalfOfTheStartsFail_AllRunAndEachOutageIsToldOnce()
    {
        var starts = 0;
        var hub = StartHub(configure: options =>
        {
            Configure(options);
            options.Carriers!.StartThread = thread =>
            {
                if (Interlocked.Increment(ref starts) % 2 == 0)
                    throw NoThread();
                thread.UnsafeStart();
            };
        });
        var gate = new GreenletEvent();

        var greenlets = Enumerable.Range(0, 20).Select(i => hub.Spawn(() =>
        {
            gate.Wait();
            return i;
        })).ToArray();
        gate.Set();

        Succeeds(greenlets);
        Assert.InRange(_listener.Failures.Count, 0, starts);
    }

    [Fact]
    public void Spawn_TwoFindNoThread_ReturnsAndDoesNotTryAllTheTime()
    {
        _failures = int.MaxValue;
        var tries = 0;
        var hub = StartHub(HubLoop.Scheduler, options =>
        {
            Configure(options);
            var start = options.Carriers!.StartThread;
            options.Carriers.StartThread = thread =>
            {
                Interlocked.Increment(ref tries);
                start(thread);
            };
        });

        // On a thread of its own, with a deadline: it did not come back
        var spawns = Task.Run(() => new[] { hub.Spawn(static () => { }), hub.Spawn(static () => { }) });
        var greenlets = Deadline.Wait(spawns, "two spawns", () => $"{tries} tries");
        // Tried again every 100 ms
#pragma warning disable RS0030 // Real time: it is the number of tries in some time that counts
        Thread.Sleep(300);
#pragma warning restore RS0030
        Assert.InRange(Volatile.Read(ref tries), 1, 20);
        Volatile.Write(ref _failures, 0);

        Succeeds(greenlets);
    }

    [Fact]
    public void Start_NoThreadForTheWatchdog_FailsAndTheNextStartWorks()
    {
        var watchdog = new Watchdog { Starter = static _ => throw NoThread() };
        var hub = NewHub(configure: options => options.Watchdog = watchdog);

        Assert.IsType<OutOfMemoryException>(Assert.Throws<InvalidOperationException>(hub.Start).InnerException);
        Assert.False(hub.IsRunning);

        watchdog.Starter = static thread => thread.UnsafeStart();
        hub.Start();
        Succeeds(hub.Spawn(static () => Greenlet.Yield()));
    }

    private void Configure(HubOptions options)
    {
        options.Listener = _listener;
        options.Carriers = NewPool();
        options.Carriers.StartThread = thread =>
        {
            if (Interlocked.Decrement(ref _failures) >= 0)
                throw NoThread();
            thread.UnsafeStart();
        };
    }

#pragma warning disable CA2201 // What the runtime throws when the system gives no thread
    private static OutOfMemoryException NoThread() => new("no thread can be had: the test says so");
#pragma warning restore CA2201

    private sealed class FailureListener : HubListener
    {
        internal ConcurrentQueue<Exception> Failures { get; } = new();

        public override void OnCarrierStartFailed(Hub hub, Exception exception) => Failures.Enqueue(exception);
    }
}
