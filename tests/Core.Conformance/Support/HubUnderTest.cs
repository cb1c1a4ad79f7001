using GreenletBridge.TestSupport;

namespace GreenletBridge.Core.Conformance;

/// <summary>A hub on a clock of the test's, with carriers of its own, that gives back what it took.</summary>
internal sealed class HubUnderTest : IAsyncDisposable
{
    public HubUnderTest(HubLoop loop, bool start = true, Action<HubOptions>? configure = null, bool watched = false)
    {
        var options = new HubOptions
        {
            Name = $"under test ({loop})",
            Loop = loop,
            TimeProvider = Time,
            Carriers = Pool,
            Listener = Listener,
            // On a machine under load a short computation may take long.
            MaxBlockingTime = TimeSpan.FromHours(1),
        };
        // There the JIT or the collector may hold up a segment for so long that it would lose the baton, and with it order and thread.
        if (!watched)
            options.LeaveUnwatched();
        configure?.Invoke(options);
        Hub = new Hub(options);
        if (start)
            Hub.Start();
    }

    public Hub Hub { get; }

    public IGreenletBridge Bridge => Hub.Bridge;

    public ManualTimeProvider Time { get; } = new();

    // Carriers that idle longer than a test would be found by the next one that looks at the process.
    public CarrierPool Pool { get; } = new(new CarrierOptions { IdleTimeout = TimeSpan.FromMilliseconds(500) });

    public RecordingListener Listener { get; } = new();

    /// <summary>Whether the test has code throw where nobody catches it.</summary>
    public bool ReportsUnhandled { get; init; }

    public string Snapshot() => Hub.Snapshot().ToString();

    /// <summary>A greenlet of a body that is written once for both kinds.</summary>
    public Greenlet<T> Create<T>(BodyKind kind, Func<BodyWaits, Task<T>> body)
    {
        var waits = new BodyWaits(kind);
        return kind == BodyKind.Async ? Hub.Create(() => body(waits)) : Hub.Create(() => body(waits).GetAwaiter().GetResult());
    }

    /// <inheritdoc cref="Create{T}(BodyKind, Func{BodyWaits, Task{T}})"/>
    public Greenlet Create(BodyKind kind, Func<BodyWaits, Task> body)
    {
        var waits = new BodyWaits(kind);
        return kind == BodyKind.Async ? Hub.Create(() => body(waits)) : Hub.Create(() => body(waits).GetAwaiter().GetResult());
    }

    /// <summary>As <see cref="Create{T}(BodyKind, Func{BodyWaits, Task{T}})"/>, started.</summary>
    public Greenlet<T> Spawn<T>(BodyKind kind, Func<BodyWaits, Task<T>> body)
    {
        var greenlet = Create(kind, body);
        greenlet.Start();
        return greenlet;
    }

    /// <inheritdoc cref="Spawn{T}(BodyKind, Func{BodyWaits, Task{T}})"/>
    public Greenlet Spawn(BodyKind kind, Func<BodyWaits, Task> body)
    {
        var greenlet = Create(kind, body);
        greenlet.Start();
        return greenlet;
    }

    /// <summary>A greenlet that has begun and waits until it is killed.</summary>
    public async Task<Greenlet<int>> SpawnWaiting(BodyKind kind)
    {
        var greenlet = Spawn<int>(kind, async waits =>
        {
            await waits.Forever();
            return 1;
        });
        await Until(() => greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");
        return greenlet;
    }

    public Task For(Task task, string what) => Deadline.For(task, what, Snapshot);

    public Task<T> For<T>(Task<T> task, string what) => Deadline.For(task, what, Snapshot);

    public Task Until(Func<bool> condition, string what) => Deadline.Until(condition, what, Snapshot);

    /// <summary>Waits, as no greenlet's Task could, for the end of a greenlet whatever it is.</summary>
    public Task Ended(Greenlet greenlet) => Until(() => greenlet.IsReady, $"the end of greenlet {greenlet.Id}");

    /// <summary>How a Task ends, without throwing.</summary>
    public async Task<Task> End(Task task)
    {
        await Deadline.For(Task.WhenAny(task), "the end of the Task", Snapshot);
        return task;
    }

    /// <summary>Everything that was posted before has run.</summary>
    public Task Settle() => Deadline.For(Hub.Bridge.AsTask(Hub.Spawn(static () => { })), "the hub comes round", Snapshot);

    /// <summary>Runs code on a thread that knows nothing of hubs, pools and contexts.</summary>
    public static Task<T> OnPlainThread<T>(Func<T> code)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                result.SetResult(code());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        })
        { IsBackground = true, Name = "plain" }.UnsafeStart();
        return result.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await Deadline.For(Hub.StopAsync(TimeSpan.Zero), "the hub stops", Snapshot);
        await Deadline.Until(() => Pool.Busy == 0, "every carrier is back", () => $"{Pool.Busy} busy of {Pool.Count}; {Snapshot()}");
        await Deadline.Until(() => Hub.Snapshot().Active == 0, "every greenlet has ended", Snapshot);
        Assert.True(ReportsUnhandled || Listener.Unhandled.IsEmpty, string.Join(Environment.NewLine, Listener.Unhandled));
    }
}
