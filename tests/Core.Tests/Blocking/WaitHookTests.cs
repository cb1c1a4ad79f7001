using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Blocking;

/// <summary>Each blocking call of the runtime that the hook sees: it gives up the baton, and a kill reaches it.</summary>
public sealed class WaitHookTests : HubTests
{
    private const string RuntimeWaitText = "a wait of the runtime";

    /// <summary>Every row, on both loops.</summary>
    public static TheoryData<string, HubLoop> Calls
    {
        get
        {
            var data = new TheoryData<string, HubLoop>();
            foreach (var call in BlockingCalls.All)
            {
                foreach (var loop in Enum.GetValues<HubLoop>())
                    data.Add(call.Name, loop);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void BlockingCall_OnExclusiveHub_LetsAnotherGreenletOfTheHubEndIt(string name, HubLoop loop)
    {
        using var scene = BlockingCalls.Named(name).Make();
        var hub = StartExclusive(loop);
        var letGo = new TaskCompletionSource();
        var passed = false;

        var holder = scene.Hold is { } hold ? hub.Spawn(() => hold(() => Greenlet.Await(letGo.Task))) : null;
        if (holder is not null)
            Waits(holder);
        var blocked = hub.Spawn(() =>
        {
            scene.Block();
            passed = true;
        });
        var ender = hub.Spawn(() =>
        {
            // The hub is exclusive: this runs only because the one before gave up the baton in its wait.
            // Sleeps meanwhile: some calls wait several times, and have to get the baton back in between.
            while (blocked.WaitingFor is not { } seen || !seen.Contains(RuntimeWaitText, StringComparison.Ordinal))
                Greenlet.Sleep(1);
            Assert.False(passed);
            scene.End?.Invoke();
            letGo.SetResult();
        });

        Succeeds(ender, blocked);
        if (holder is not null)
            Succeeds(holder);
        Assert.True(passed);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void BlockingCall_GreenletIsKilled_EndsThere(string name, HubLoop loop)
    {
        var call = BlockingCalls.Named(name);
        using var scene = call.Make();
        var hub = StartExclusive(loop);
        var letGo = new TaskCompletionSource();
        var passed = false;

        var holder = scene.Hold is { } hold ? hub.Spawn(() => hold(() => Greenlet.Await(letGo.Task))) : null;
        if (holder is not null)
            Waits(holder);
        var blocked = hub.Spawn(() =>
        {
            scene.Block();
            passed = true;
            Greenlet.Sleep(Timeout.Infinite);
        });
        WaitsInRuntime(blocked);
        var kill = new GreenletExitException("the test's own");

        blocked.Kill(kill);

        if (call.UnreachedByKill is not null)
        {
            scene.End?.Invoke();
            letGo.SetResult();
        }

        Ends(blocked);
        Assert.Equal(GreenletStatus.Killed, blocked.Status);
        Assert.Same(kill, blocked.Value);
        if (call.UnreachedByKill is null)
        {
            // Where the kill does not reach, it is thrown as the wait ends, if it has lasted long enough, or at the next one
            Assert.False(passed);
            scene.End?.Invoke();
        }

        letGo.TrySetResult();
        if (holder is not null)
            Succeeds(holder);
        if (scene.CheckAfterKill is { } check)
            Succeeds(hub.Spawn(check));
    }

    [Fact]
    public void Calls_OfTheTable_AreAllThatTheDescriptionNames()
    {
        string[] described =
        [
            "WaitHandle.WaitOne", "WaitAny", "WaitAll", "Mutex", "Mutex, named", "lock", "Monitor.TryEnter", "System.Threading.Lock", "Synchronized", "Monitor.Wait",
            "Task.Wait", "Task.Result", "GetAwaiter().GetResult()", "Task.WaitAll", "Task.WaitAny", "ManualResetEventSlim", "SemaphoreSlim", "CountdownEvent", "Barrier",
            "ReaderWriterLockSlim", "ReaderWriterLock", "BlockingCollection", "Lazy<T>", "Thread.Join", "Process.WaitForExit", "WaitForConnection",
            "GC.WaitForPendingFinalizers", "HttpClient.Send",
        ];

        Assert.All(described, entry => Assert.Contains(BlockingCalls.All, call => call.Name.Contains(entry, StringComparison.Ordinal)));
    }

    private static void WaitsInRuntime(Greenlet greenlet) => Deadline.Wait(
        () => greenlet.WaitingFor?.Contains(RuntimeWaitText, StringComparison.Ordinal) == true,
        $"{greenlet} to be seen in a wait of the runtime",
        () => greenlet.Hub!.Snapshot().ToString());
}
