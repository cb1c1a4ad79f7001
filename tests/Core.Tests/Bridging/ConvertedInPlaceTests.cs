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
    public async Task ShortFunction_RunsOnTheCallersThreadOnceItIsTrusted()
    {
        Greenlet? inside = null;
        var convert = _hub.Bridge.SyncToAsync(() =>
        {
            inside = Greenlet.Current;
            return Environment.CurrentManagedThreadId;
        });
        Assert.NotEqual(Environment.CurrentManagedThreadId, await Trusted(convert));

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
    public async Task ShortFunction_ThatThrows_FaultsItsTask()
    {
        var throws = false;
        var error = new InvalidOperationException("thrown in place");
        var convert = _hub.Bridge.SyncToAsync(() => throws ? throw error : 1);
        await Trusted(convert);
        throws = true;

        var task = (await OnAPoolThread(() => (Task: convert(), 0))).Task;

        Assert.True(task.IsFaulted);
        Assert.Same(error, await Assert.ThrowsAsync<InvalidOperationException>(() => task));
    }

    [Fact]
    public async Task ShortFunction_ThatBlocksAfterAll_EndsWhenItMay_AndTheNextCallGoesToTheHub()
    {
        using var gate = new ManualResetEventSlim(true);
        var convert = _hub.Bridge.SyncToAsync(() =>
        {
            gate.Wait();
            return Environment.CurrentManagedThreadId;
        });
        await Trusted(convert);
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
        var convert = _hub.Bridge.SyncToAsync(_ => Environment.CurrentManagedThreadId);
        using var source = new CancellationTokenSource();
        await Trusted(() => convert(CancellationToken.None));

        var (caller, ran) = await OnAPoolThread(() => (Environment.CurrentManagedThreadId, convert(source.Token).Result));

        Assert.NotEqual(caller, ran);
    }

    [Fact]
    public async Task OnAnExclusiveHubThatIsBusy_WaitsForItsTurn()
    {
        using var hub = new Hub(new HubOptions { Name = "exclusive", Exclusive = true });
        hub.Start();
        var convert = hub.Bridge.SyncToAsync(() => Environment.CurrentManagedThreadId);
        await Trusted(convert);
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
        var convert = _hub.Bridge.SyncToAsync(() => Greenlet.Current);
        await Trusted(convert);

        var (outer, inner) = await Deadline.For(
            _hub.Bridge.RunAsync(async () =>
            {
                var call = convert();
                Assert.False(call.IsCompleted);
                return (Greenlet.Current, await call);
            }),
            "the call on a greenlet",
            Snapshot);

        Assert.NotSame(outer, inner);
    }

    private string Snapshot() => _hub.Snapshot().ToString();

    // Some 20 short runs earn the trust, more on a machine that is slow now. Returns what the first gave.
    private async Task<T> Trusted<T>(Func<Task<T>> convert)
    {
        var first = await Deadline.For(convert(), "the first call", Snapshot);
        var inPlace = false;
        while (!inPlace)
        {
            var (task, completed) = await OnAPoolThread(() => convert() is var call ? (call, call.IsCompleted) : default);
            inPlace = completed;
            await Deadline.For(task, "a short call", Snapshot);
        }

        return first;
    }

    private Task<T> OnAPoolThread<T>(Func<T> code) => Deadline.For(Task.Run(code), "the pool's thread", Snapshot);
}
