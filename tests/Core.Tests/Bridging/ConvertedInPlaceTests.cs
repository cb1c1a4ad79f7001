using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Bridging;

/// <summary>A converted function that has proved short runs on the thread that calls it, as a greenlet like any other.</summary>
public sealed class ConvertedInPlaceTests : IDisposable
{
    private readonly Hub _hub = new(new HubOptions { Name = "converted", MaxBlockingTime = TimeSpan.FromHours(1) });

    public ConvertedInPlaceTests() => _hub.Start();

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task ShortFunction_RunsOnTheCallersThread_AsAGreenlet()
    {
        Greenlet? inside = null;
        var convert = Trusted(_hub, () =>
        {
            inside = Greenlet.Current;
            return Environment.CurrentManagedThreadId;
        });

        var (caller, ran, completed) = await OnAPoolThread(() =>
        {
            var call = convert();
            return (Environment.CurrentManagedThreadId, call.Result, call.IsCompletedSuccessfully);
        });

        Assert.Equal(caller, ran);
        Assert.True(completed);
        Assert.Equal(GreenletStatus.Completed, inside!.Status);
        Assert.Same(_hub, inside.Hub);
        Assert.Null(inside.Name);
        Assert.Null(Greenlet.Current);
    }

    [Fact]
    public async Task ShortAction_RunsOnTheCallersThread_AndItsTaskIsComplete()
    {
        var ran = 0;
        var convert = TrustedAction(_hub, () => ran = Environment.CurrentManagedThreadId);

        var (caller, call, completed) = await OnAPoolThread(() =>
        {
            var call = convert();
            return (Environment.CurrentManagedThreadId, call, call.IsCompletedSuccessfully);
        });

        Assert.Equal(caller, ran);
        Assert.True(completed);
        await call;
    }

    [Fact]
    public async Task ShortAction_ThatThrowsOrHasAToken_IsLikeAFunction()
    {
        using var source = new CancellationTokenSource();
        var error = new InvalidOperationException("thrown in place");
        var ran = 0;
        var throws = TrustedAction(_hub, () => throw error);
        var withToken = TrustedAction(_hub, () => ran = Environment.CurrentManagedThreadId, source.Token);

        var failed = (await OnAPoolThread(() => (Task: throws(), 0))).Task;
        var (called, thread) = await OnAPoolThread(() =>
        {
            var call = withToken();
            call.Wait();
            return (call, Environment.CurrentManagedThreadId);
        });

        Assert.Same(error, await Assert.ThrowsAsync<InvalidOperationException>(() => failed));
        Assert.True(called.IsCompletedSuccessfully);
        Assert.NotEqual(thread, ran);
    }

    [Fact]
    public async Task Function_ThatProvesShort_ComesToTheCallersThread()
    {
        var convert = _hub.Bridge.SyncToAsync(() => Environment.CurrentManagedThreadId);
        Assert.NotEqual(Environment.CurrentManagedThreadId, await convert());

        // Some 20 short runs are enough, more on a machine that is slow now.
        await Deadline.For(
            Task.Run(async () =>
            {
                while (await convert() is var ran && ran != Environment.CurrentManagedThreadId)
                {
                }
            }),
            "a call in place",
            Snapshot);
    }

    [Fact]
    public async Task ShortFunction_ThatThrows_FaultsItsTask()
    {
        var throws = false;
        var error = new InvalidOperationException("thrown in place");
        var convert = Trusted(_hub, () => throws ? throw error : 1);
        throws = true;

        var task = (await OnAPoolThread(() => (Task: convert(), 0))).Task;

        Assert.True(task.IsFaulted);
        Assert.Same(error, await Assert.ThrowsAsync<InvalidOperationException>(() => task));
    }

    [Fact]
    public async Task ShortFunction_ThatBlocksAfterAll_EndsWhenItMay_AndTheNextCallGoesToTheHub()
    {
        using var gate = new ManualResetEventSlim(true);
        var convert = Trusted(_hub, () =>
        {
            gate.Wait();
            return Environment.CurrentManagedThreadId;
        });
        gate.Reset();
        var first = OnAPoolThread(() => (Environment.CurrentManagedThreadId, convert().Result));
        Deadline.Wait(() => _hub.Snapshot().Waiting == 1, "the first call blocks", Snapshot);
        var second = await OnAPoolThread(() => (Environment.CurrentManagedThreadId, Task: convert()));
        Assert.False(second.Task.IsCompleted);

        gate.Set();

        var (caller, ran) = await Deadline.For(first, "the call in place", Snapshot);
        Assert.Equal(caller, ran);
        Assert.NotEqual(second.CurrentManagedThreadId, await Deadline.For(second.Task, "the call on the hub", Snapshot));
    }

    [Fact]
    public async Task FunctionWithAToken_GoesToTheHub()
    {
        using var source = new CancellationTokenSource();
        var convert = Trusted(_hub, () => Environment.CurrentManagedThreadId, source.Token);

        var (caller, ran) = await OnAPoolThread(() => (Environment.CurrentManagedThreadId, convert().Result));

        Assert.NotEqual(caller, ran);
    }

    [Fact]
    public async Task OnAnExclusiveHubThatIsBusy_WaitsForItsTurn()
    {
        using var hub = new Hub(new HubOptions { Name = "exclusive", Exclusive = true });
        hub.Start();
        var convert = Trusted(hub, () => Environment.CurrentManagedThreadId);
        using var begun = new ManualResetEventSlim();
        var release = 0;
        var holder = hub.Spawn(() =>
        {
            begun.Set();
            while (Volatile.Read(ref release) == 0)
                Thread.SpinWait(100);
        });
        begun.Wait();

        var (caller, call) = await OnAPoolThread(() => (Environment.CurrentManagedThreadId, convert()));
        Assert.False(call.IsCompleted);
        Volatile.Write(ref release, 1);

        Assert.NotEqual(caller, await Deadline.For(call, "its turn", () => hub.Snapshot().ToString()));
        await Deadline.For(hub.Bridge.AsTask(holder), "the holder", () => hub.Snapshot().ToString());
    }

    [Fact]
    public async Task OnAGreenlet_NeverNestsOnItsStack()
    {
        // Not whether it has ended when the call returns: the watchdog may give the hub to another thread meanwhile.
        using var isCalling = new ThreadLocal<bool>();
        var convert = Trusted(_hub, () => (Greenlet.Current, IsNested: isCalling.Value));

        var (outer, inner) = await Deadline.For(
            _hub.Bridge.RunAsync(async () =>
            {
                isCalling.Value = true;
                var call = convert();
                isCalling.Value = false;
                return (Greenlet.Current, await call);
            }),
            "the call on a greenlet",
            Snapshot);

        Assert.False(inner.IsNested);
        Assert.NotSame(outer, inner.Current);
    }

    private string Snapshot() => _hub.Snapshot().ToString();

    private static Func<Task> TrustedAction(Hub hub, Action body, CancellationToken cancellationToken = default)
    {
        var trust = new PlaceTrust(null);
        for (var i = 0; i < 100; i++)
            trust.NoteRun(0);
        return () => HubBridge.Call(hub.Bridge, body, trust, null, cancellationToken);
    }

    private static Func<Task<T>> Trusted<T>(Hub hub, Func<T> body, CancellationToken cancellationToken = default)
    {
        var trust = new PlaceTrust(null);
        for (var i = 0; i < 100; i++)
            trust.NoteRun(0);
        return () => HubBridge.Call(hub.Bridge, body, trust, null, cancellationToken);
    }

    private Task<T> OnAPoolThread<T>(Func<T> code) => Deadline.For(Task.Run(code), "the pool's thread", Snapshot);
}
