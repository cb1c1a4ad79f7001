using System.Collections.Concurrent;
using System.Diagnostics;
using GreenletBridge.TestSupport;

namespace GreenletBridge.Core.Stress.Soak;

/// <summary>Real threads against every primitive of hubs of three kinds. Now and then all comes to rest and is looked at.</summary>
internal sealed class SoakRun(int seed)
{
    public const int Producers = 8;

    // Under way for each producer at once, at most.
    private const int Ahead = 40;

    // No wait of an operation is longer than some milliseconds: this is a hang.
    private static readonly TimeSpan _hang = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<double> _latencies = new();
    private readonly ConcurrentQueue<Exception> _errors = new();
    private long _greenlets;
    private long _killed;
    private long _givenUp;

    /// <summary>Runs and tells of each look.</summary>
    /// <exception cref="SoakException">Something did not hold.</exception>
    public void Run(TimeSpan time, int rows, Action<SoakRow> tell)
    {
        var pool = new CarrierPool(new CarrierOptions { IdleTimeout = TimeSpan.FromSeconds(5) });
        Hub[] hubs =
        [
            Start("threads", pool, static options => options.Loop = HubLoop.Threads),
            Start("scheduler", pool, static options => options.Loop = HubLoop.Scheduler),
            Start("exclusive", pool, static options => options.Exclusive = true),
        ];
        Arena[] arenas = [.. hubs.Select(static hub => new Arena(hub))];
        try
        {
            for (var row = 1; row <= rows; row++)
            {
                var before = Interlocked.Read(ref _greenlets);
                var started = Stopwatch.GetTimestamp();
                Produce(arenas, started, time / rows, row);
                AwaitRest(hubs, pool);
                foreach (var arena in arenas)
                    arena.Check();
                if (_errors.TryDequeue(out var error))
                    throw new SoakException($"{error}");
                var figures = ProcessFigures.Take();
                tell(new SoakRow
                {
                    After = time * row / rows,
                    Greenlets = Interlocked.Read(ref _greenlets),
                    PerSecond = (Interlocked.Read(ref _greenlets) - before) / Stopwatch.GetElapsedTime(started).TotalSeconds,
                    Killed = Interlocked.Read(ref _killed),
                    GivenUp = Interlocked.Read(ref _givenUp),
                    Latencies = TakeLatencies(),
                    HeapBytes = figures.HeapBytes,
                    ResidentBytes = Environment.WorkingSet,
                    Threads = figures.Threads,
                    Carriers = pool.Count,
                    Descriptors = figures.Descriptors,
                });
            }
        }
        finally
        {
            Deadline.Wait(Task.WhenAll(hubs.Select(static hub => hub.DisposeAsync().AsTask())), "the hubs' end", () => Snapshots(hubs), _hang);
            foreach (var arena in arenas)
                arena.Dispose();
        }
    }

    private static Hub Start(string name, CarrierPool pool, Action<HubOptions> configure)
    {
        var options = new HubOptions { Name = name, Carriers = pool };
        configure(options);
        var hub = new Hub(options);
        hub.Start();
        return hub;
    }

    private void Produce(Arena[] arenas, long started, TimeSpan time, int row)
    {
        var threads = Enumerable.Range(0, Producers).Select(producer => new Thread(() => Produce(arenas, new Random(HashCode.Combine(seed, producer, row)), started, time))).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(thread => Deadline.Wait(thread, "a producer", () => Snapshots(arenas.Select(static arena => arena.Hub)), time + _hang + _hang));
    }

    private void Produce(Arena[] arenas, Random random, long started, TimeSpan time)
    {
        try
        {
            var ahead = new Queue<Greenlet>();
            while (Stopwatch.GetElapsedTime(started) < time && _errors.IsEmpty)
            {
                var greenlet = Begin(arenas[random.Next(arenas.Length)], random);
                ahead.Enqueue(greenlet);
                if (random.Next(8) == 0)
                    ahead.ElementAt(random.Next(ahead.Count)).Kill();
                while (ahead.Count > (random.Next(100) == 0 ? 0 : Ahead))
                    End(ahead.Dequeue());
            }

            while (ahead.TryDequeue(out var left))
                End(left);
        }
        catch (Exception error)
        {
            _errors.Enqueue(error);
        }
    }

    private Greenlet Begin(Arena arena, Random random)
    {
        var token = CancellationToken.None;
        if (random.Next(4) == 0)
        {
            // Not disposed: its timer ends by itself.
            var source = new CancellationTokenSource();
            source.CancelAfter(random.Next(4));
            token = source.Token;
        }

        var patience = new Patience(random.Next(1_000_000), TimeSpan.FromTicks(random.Next(30_000)), token);
        var spawned = Stopwatch.GetTimestamp();
        if (random.Next(2) == 0)
        {
            var blocking = arena.Blocking[random.Next(arena.Blocking.Count)];
            return arena.Hub.Spawn(() =>
            {
                NoteBegun(spawned);
                blocking(patience);
            });
        }

        var async = arena.Async[random.Next(arena.Async.Count)];
        return arena.Hub.Spawn(() =>
        {
            NoteBegun(spawned);
            return async(patience);
        });
    }

    private void End(Greenlet greenlet)
    {
        if (!greenlet.Join(_hang))
            throw new SoakException($"{greenlet} does not end:{Environment.NewLine}{greenlet.Hub?.Snapshot()}");
        switch (greenlet.Status)
        {
            case GreenletStatus.Killed:
                Interlocked.Increment(ref _killed);
                break;
            case GreenletStatus.Faulted when greenlet.Exception is TimeoutException or OperationCanceledException:
                Interlocked.Increment(ref _givenUp);
                break;
            case GreenletStatus.Faulted:
                throw new SoakException($"{greenlet}: {greenlet.Exception}");
        }
    }

    private void NoteBegun(long spawned)
    {
        if (Interlocked.Increment(ref _greenlets) % 16 == 0)
            _latencies.Enqueue(Stopwatch.GetElapsedTime(spawned).TotalMicroseconds);
    }

    private double[] TakeLatencies()
    {
        var latencies = new List<double>();
        while (_latencies.TryDequeue(out var latency))
            latencies.Add(latency);
        latencies.Sort();
        return [.. latencies];
    }

    private static void AwaitRest(Hub[] hubs, CarrierPool pool) => Deadline.Wait(
        () => hubs.All(static hub => hub.Snapshot() is { Active: 0, Queued: 0, Greenlets.Count: 0 }) && pool.Busy == 0,
        "every greenlet's end",
        () => $"{pool.Busy} carriers busy{Environment.NewLine}{Snapshots(hubs)}",
        _hang);

    private static string Snapshots(IEnumerable<Hub> hubs) => string.Join(Environment.NewLine, hubs.Select(static hub => hub.Snapshot()));
}
