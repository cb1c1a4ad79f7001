using System.Runtime.CompilerServices;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>Code that awaits a greenlet: where it goes on, and what becomes of it, and of the other, when it is killed.</summary>
public sealed class AwaitedGreenletTests : HubTests
{
    private readonly AsyncLocal<string?> _flowing = new();

    [Theory]
    [MemberData(nameof(Loops))]
    public void Kill_AwaitsSeveralAtOnceInEveryWay_EndsEachOfThem(HubLoop loop)
    {
        var hub = StartHub(loop);
        var gate = new GreenletEvent();
        AtEnd(gate.Set);
        var other = hub.Spawn(async () => await gate.WaitAsync());
        Waits(other);
        var killed = 0;
        // The sleep takes the kill: the others end by it all the same
        var victim = hub.Spawn(() => Task.WhenAll(
            Branch(static () => Greenlet.SleepAsync(Timeout.InfiniteTimeSpan)),
            Branch(async () => await other),
            Branch(async () => await (Greenlet)other),
            Branch(async () =>
            {
                var awaiter = other.GetAwaiter();
                await new SafeAwaiter(awaiter, () => awaiter.GetResult());
            }),
            Branch(async () =>
            {
                var awaiter = ((Greenlet)other).GetAwaiter();
                await new SafeAwaiter(awaiter, () => awaiter.GetResult());
            })));
        Waits(victim);

        victim.Kill();

        Ends(victim);
        Assert.Equal(5, killed);
        Assert.Equal(GreenletStatus.Killed, victim.Status);
        gate.Set();
        Succeeds(other);

        async Task Branch(Func<Task> wait)
        {
            try
            {
                await wait();
            }
            catch (GreenletExitException)
            {
                killed++;
                throw;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void UnsafeOnCompleted_OfAThreadWithoutContext_GoesOnOutsideOfTheGreenletsContext(HubLoop loop)
    {
        var hub = StartHub(loop);
        var gate = new GreenletEvent();
        var greenlet = hub.Spawn(() =>
        {
            gate.Wait();
            _flowing.Value = "the greenlet's";
        });
        var seen = new TaskCompletionSource<string?>();
        var thread = new Thread(() => greenlet.GetAwaiter().UnsafeOnCompleted(() => seen.SetResult(_flowing.Value))) { IsBackground = true };
        thread.Start();
        Deadline.Wait(thread, "the thread");

        gate.Set();

        Assert.Null(Deadline.Wait(seen.Task, "the continuation", () => hub.Snapshot().ToString()));
        Succeeds(greenlet);
    }

    /// <summary>As a library wraps what it awaits: it can only be awaited with its context.</summary>
    private sealed class SafeAwaiter(INotifyCompletion inner, Action getResult) : INotifyCompletion
    {
        public bool IsCompleted => false;

        public SafeAwaiter GetAwaiter() => this;

        public void GetResult() => getResult();

        public void OnCompleted(Action continuation) => inner.OnCompleted(continuation);
    }
}
