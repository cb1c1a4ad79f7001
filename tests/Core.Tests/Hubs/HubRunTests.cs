using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Hubs;

/// <summary>The calling thread as the loop of a hub.</summary>
public sealed class HubRunTests : HubTests
{
    [Theory]
    [MemberData(nameof(Loops))]
    public void Run_AsyncBody_GoesOnOnTheCallingThread(HubLoop loop) => OnThread(() =>
    {
        var hub = NewHub(loop);
        var caller = Environment.CurrentManagedThreadId;

        var threads = hub.Run(async () =>
        {
            var seen = new List<int> { Environment.CurrentManagedThreadId };
            await Task.Run(static () => { });
            seen.Add(Environment.CurrentManagedThreadId);
            await Greenlet.SleepAsync(TimeSpan.FromMilliseconds(2));
            seen.Add(Environment.CurrentManagedThreadId);
            await Greenlet.YieldAsync();
            seen.Add(Environment.CurrentManagedThreadId);
            await hub.Spawn(static () => Greenlet.Sleep(1));
            seen.Add(Environment.CurrentManagedThreadId);
            return seen;
        });

        Assert.All(threads, thread => Assert.Equal(caller, thread));
        Assert.True(hub.IsRunning);
        Assert.Null(Greenlet.Current);
        Assert.Null(SynchronizationContext.Current);
    });

    [Theory]
    [MemberData(nameof(Loops))]
    public void Run_BlockingBody_WaitsOnTheCallingThread(HubLoop loop) => OnThread(() =>
    {
        var hub = NewHub(loop);
        var caller = Environment.CurrentManagedThreadId;

        hub.Run(() =>
        {
            Greenlet.Sleep(2);
            Task.Run(static () => { }).Wait();
            Greenlet.Yield();
            Assert.Equal(caller, Environment.CurrentManagedThreadId);
            Assert.Same(hub, Hub.Current);
        });
    });

    [Theory]
    [MemberData(nameof(Loops))]
    public void Run_NestedResult_DoesNotDeadlock(HubLoop loop) => OnThread(() =>
    {
        var hub = NewHub(loop);

        Assert.Equal(6, hub.Run(async () =>
        {
            await Task.Yield();
            return DeepAsync(5).Result + 1;
        }));
        Assert.Equal(5, hub.Run(() => DeepAsync(5).Result));

        async Task<int> DeepAsync(int depth)
        {
            await Greenlet.YieldAsync();
            await Task.Yield();
            return depth == 0 ? 0 : 1 + DeepAsync(depth - 1).Result;
        }
    });

    [Theory]
    [MemberData(nameof(Loops))]
    public void Run_SpawnedGreenlets_RunElsewhere(HubLoop loop) => OnThread(() =>
    {
        var hub = NewHub(loop);
        var caller = Environment.CurrentManagedThreadId;

        hub.Run(async () =>
        {
            var thread = await hub.Spawn(static () =>
            {
                Greenlet.Yield();
                return Environment.CurrentManagedThreadId;
            });
            Assert.NotEqual(caller, thread);
        });
    });

    [Theory]
    [MemberData(nameof(Loops))]
    public void Run_BodyFails_ThrowsItsException(HubLoop loop) => OnThread(() =>
    {
        var hub = NewHub(loop);
        var error = new InvalidOperationException("the test's own");

        Assert.Same(error, Assert.Throws<InvalidOperationException>(() => hub.Run(() => throw error)));
        Assert.Same(error, Assert.Throws<InvalidOperationException>(() => hub.Run(async () =>
        {
            await Greenlet.YieldAsync();
            throw error;
        })));
        Assert.Throws<InvalidOperationException>(() => hub.Run(static () => (Task)null!));
        // And again: what failed has left nothing behind.
        Assert.Equal(3, hub.Run(static () => 3));
    });

    [Theory]
    [MemberData(nameof(Loops))]
    public void Run_ManyTimes_EachEnds(HubLoop loop) => OnThread(() =>
    {
        var hub = NewHub(loop);
        for (var i = 0; i < 300; i++)
        {
            Assert.Equal(i, hub.Run(async () =>
            {
                if (i % 2 == 0)
                    await Task.Yield();
                if (i % 3 == 0)
                    await hub.Spawn(static () => Greenlet.Yield());
                return i;
            }));
        }
    });

    [Fact]
    public void Run_WhileAnotherThreadRunsIt_Throws()
    {
        var hub = NewHub();
        using var begun = new ManualResetEventSlim();
        var release = new TaskCompletionSource();
        var first = new Thread(() => hub.Run(async () =>
        {
            begun.Set();
            await release.Task;
        }));
        first.Start();
        Comes(begun, "the first Run", hub);

        var error = Assert.Throws<InvalidOperationException>(() => hub.Run(static () => { }));

        Assert.Contains("is being run by another thread", error.Message, StringComparison.Ordinal);
        release.SetResult();
        Deadline.Wait(first, "the first Run's end", () => hub.Snapshot().ToString());
    }

    [Fact]
    public void Run_OnAGreenlet_Throws()
    {
        var hub = StartHub();
        var other = NewHub();

        foreach (var target in (Hub[])[hub, other])
        {
            var error = Gives(hub.Spawn(() => Assert.Throws<InvalidOperationException>(() => target.Run(static () => { }))));
            Assert.Contains("hub.Run was called on greenlet", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Run_HubIsKilledMeanwhile_Returns() => OnThread(() =>
    {
        var hub = NewHub();
        Greenlet? self = null;
        var killer = new Thread(() =>
        {
            Deadline.Wait(() => Volatile.Read(ref self) is { Status: GreenletStatus.Waiting }, "the greenlet to wait");
            self!.Kill();
        });
        killer.Start();

        Assert.Throws<GreenletExitException>(() => hub.Run(() =>
        {
            Volatile.Write(ref self, Greenlet.Current);
            Greenlet.Sleep(Timeout.Infinite);
        }));
        Deadline.Wait(killer, "the killer");
    });

    /// <summary>On a plain thread with a deadline: a Run that hangs must not take the test run with it.</summary>
    private static void OnThread(Action body)
    {
        var done = new TaskCompletionSource();
        var thread = new Thread(() =>
        {
            try
            {
                body();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        { IsBackground = true, Name = "runs a hub" };
        thread.Start();
        Deadline.Wait(done.Task, "hub.Run to return");
    }
}
