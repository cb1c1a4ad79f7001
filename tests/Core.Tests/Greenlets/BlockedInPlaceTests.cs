using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>Work in place that blocks after all: it can be killed on the thread it was lent, and no more of its kind follows it there.</summary>
public sealed class BlockedInPlaceTests : IDisposable
{
    private readonly HubGroup _group = new(2, new HubOptions { Name = "in-place" });
    private readonly WorkProfile _profile = new("short until now");

    public BlockedInPlaceTests()
    {
        _group.Start();
        for (var i = 0; i < 100; i++)
            _profile.Trust.NoteRun(0);
    }

    public void Dispose() => _group.Dispose();

    [Theory]
    [InlineData("task")]
    [InlineData("lock")]
    [InlineData("hub")]
    public async Task Kill_BlockedInPlace_EndsItAndLeavesTheThreadAsItWas(string kind)
    {
        var held = new object();
        using var holder = HeldLock.Take(held);
        Greenlet? inside = null;
        var caller = OnOwnThread(() => _group.SpawnInPlace(
            () =>
            {
                Volatile.Write(ref inside, Greenlet.Current);
                switch (kind)
                {
                    case "task":
                        new TaskCompletionSource().Task.Wait();
                        break;
                    case "lock":
                        lock (held)
                            return Task.CompletedTask;
                    default:
                        Greenlet.Sleep(Timeout.Infinite);
                        break;
                }

                return Task.CompletedTask;
            },
            _profile));
        Deadline.Wait(() => Volatile.Read(ref inside) is { Status: GreenletStatus.Waiting }, "the greenlet to block", Snapshot);

        inside!.Kill();

        var (greenlet, interrupted) = await Deadline.For(caller, "the caller", Snapshot);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.False(interrupted);
    }

    [Fact]
    public async Task RunsInPlace_WhileARunBlocksInPlace_IsFalse()
    {
        using var gate = new ManualResetEventSlim();
        Greenlet? inside = null;
        var caller = OnOwnThread(() => _group.SpawnInPlace(
            () =>
            {
                Volatile.Write(ref inside, Greenlet.Current);
                gate.Wait();
                return Task.CompletedTask;
            },
            _profile));
        Deadline.Wait(() => Volatile.Read(ref inside) is { Status: GreenletStatus.Waiting }, "the greenlet to block", Snapshot);
        var here = Environment.CurrentManagedThreadId;
        var ranOn = here;

        Assert.False(_profile.RunsInPlace);
        await Deadline.For(
            _group.Bridge.AsTask(_group.SpawnInPlace(
                () =>
                {
                    ranOn = Environment.CurrentManagedThreadId;
                    return Task.CompletedTask;
                },
                _profile)),
            "the next one",
            Snapshot);

        Assert.NotEqual(here, ranOn);
        gate.Set();
        await Deadline.For(caller, "the caller", Snapshot);
    }

    // As a pool thread: not the engine's. Tells whether an interrupt is left on it.
    private static Task<(Greenlet Greenlet, bool Interrupted)> OnOwnThread(Func<Greenlet> spawn)
    {
        var done = new TaskCompletionSource<(Greenlet, bool)>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                var greenlet = spawn();
                var interrupted = false;
                try
                {
                    Thread.CurrentThread.Join(0);
                }
                catch (ThreadInterruptedException)
                {
                    interrupted = true;
                }

                done.SetResult((greenlet, interrupted));
            }
            catch (Exception e)
            {
                // The test shows it.
                done.SetException(e);
            }
        })
        { IsBackground = true }.Start();
        return done.Task;
    }

    private string Snapshot() => string.Join(Environment.NewLine, _group.Hubs.Select(hub => hub.Snapshot()));
}
