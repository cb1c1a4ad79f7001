using System.Diagnostics;

namespace GreenletBridge.Core.Toolbox;

/// <summary>Random programs on a pool, held against a plain sequential model. A failure names its seed: SEED=n repeats it.</summary>
public sealed class PoolModelTests
{
    private const int Steps = 60;

    [Theory, Loops]
    public async Task RandomPrograms_BehaveAsTheModel(HubLoop loop)
    {
        foreach (var seed in Seeds.Take(Seeds.Count(60)))
            await RunAsync(loop, seed);
    }

    private static async Task RunAsync(HubLoop loop, int seed)
    {
        await using var lane = new HubUnderTest(loop, configure: static options => options.Exclusive = true);
        var program = new Program(lane, new Random(seed));
        var driver = lane.Hub.Spawn(program.Run);
        try
        {
            await lane.For(lane.Bridge.AsTask(driver), "the program's end");
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Seed {seed}, loop {loop}: {string.Join("; ", program.Log)}", e);
        }
    }

    private sealed class Program
    {
        private readonly HubUnderTest _lane;
        private readonly Random _random;
        private readonly GreenletPool _pool;
        private readonly PoolModel _model;
        private readonly Dictionary<int, TaskCompletionSource> _gates = [];
        private readonly Dictionary<int, Greenlet> _spawners = [];
        private readonly Dictionary<int, Greenlet> _workers = [];
        private readonly Dictionary<int, CancellationTokenSource> _tokens = [];
        private readonly List<int> _started = [];
        private readonly HashSet<int> _leaving = [];
        private readonly List<Action> _turns = [];
        private TimeSpan _now;
        private int _last;

        public Program(HubUnderTest lane, Random random)
        {
            _lane = lane;
            _random = random;
            // Now and then as many places as a group has.
            var size = random.Next(6) == 0 ? 1_000 : random.Next(1, 5);
            _pool = new GreenletPool(size, lane.Hub);
            _model = new PoolModel(size);
        }

        public List<string> Log { get; } = [];

        // On a greenlet of the hub: when it has waited until the hub is idle, everything that could happen has happened.
        public void Run()
        {
            for (var step = 0; step < Steps; step++)
            {
                // Several without a turn in between meet each other half done.
                for (var several = _random.Next(1, 5); several > 0; several--)
                    Do();
                Settle();
            }

            foreach (var gate in _gates.Values)
                gate.TrySetResult();
            Assert.True(_pool.Join());
            Agree(() => _pool.FreeCount == _pool.Size && _workers.Values.All(static worker => worker.IsReady), "the pool is empty");
        }

        private void Do()
        {
            switch (_random.Next(12))
            {
                case < 5:
                    Spawn(++_last);
                    break;
                case 5 or 6 when PickRunning() is { } number:
                    Log.Add($"finish {number}");
                    _leaving.Add(number);
                    _gates[number].SetResult();
                    _turns.Add(() => _model.Leave(number));
                    break;
                case 7 when PickRunning() is { } number:
                    Log.Add($"kill worker {number}");
                    _leaving.Add(number);
                    _workers[number].Kill();
                    _turns.Add(() => _model.Leave(number));
                    break;
                case 8 when PickRunning() is { } number:
                    Log.Add($"let go {number}");
                    _pool.Remove(_workers[number]);
                    _model.Leave(number);
                    break;
                case 9 when PickWaiting() is { } number:
                    Log.Add($"kill spawner {number}");
                    _spawners[number].Kill();
                    _model.GiveUp(number);
                    break;
                case 10 when PickWaiting() is { } number:
                    Log.Add($"cancel spawner {number}");
                    _tokens[number].Cancel();
                    _model.GiveUp(number);
                    break;
                case 11:
                    Settle();
                    var time = TimeSpan.FromSeconds(_random.Next(1, 4));
                    Log.Add($"pass {time.TotalSeconds}");
                    _now += time;
                    _lane.Time.Advance(time);
                    _turns.Add(() => _model.Pass(_now));
                    Settle();
                    break;
            }
        }

        private int? PickRunning() => Pick(_model.Running.Where(number => !_leaving.Contains(number) && _workers.ContainsKey(number)));

        private int? PickWaiting() => Pick(_model.Waiting.Select(static waiting => waiting.Number));

        private int? Pick(IEnumerable<int> numbers) => numbers.ToList() is { Count: > 0 } all ? all[_random.Next(all.Count)] : null;

        private void Spawn(int number)
        {
            var gate = _gates[number] = new TaskCompletionSource();
            var token = (_tokens[number] = new CancellationTokenSource()).Token;
            var limit = _random.Next(3) == 0 ? TimeSpan.FromSeconds(_random.Next(1, 6)) : Timeout.InfiniteTimeSpan;
            var isAsync = _random.Next(2) == 0;
            var fails = _random.Next(4) == 0;
            Log.Add($"spawn {number}{(isAsync ? " async" : "")} within {limit.TotalSeconds}");

            void Work()
            {
                _started.Add(number);
                Greenlet.Await(gate.Task);
                if (fails)
                    throw new InvalidTimeZoneException();
            }

            void Keep(Greenlet? worker)
            {
                if (worker is not null)
                    _workers[number] = worker;
            }

            _spawners[number] = isAsync
                ? _lane.Hub.Spawn(async () => Keep(await _pool.TrySpawnAsync(Work, limit, token)))
                : _lane.Hub.Spawn(() => Keep(_pool.TrySpawn(Work, limit, token)));
            _turns.Add(() => _model.Spawn(number, limit == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : _now + limit));
        }

        // When the hub is idle everybody has had their turn, but for who is held up by a lock of the runtime's, such as that of an exception's
        // text, which other tests take as well: the hub is idle meanwhile. What never comes right is an error.
        private void Agree(Func<bool> agrees, string what)
        {
            var started = Stopwatch.GetTimestamp();
            do
                Greenlet.Idle();
            while (!agrees() && Stopwatch.GetElapsedTime(started) < Deadline.Default);
            Assert.True(agrees(), $"Not so: {what}.{Environment.NewLine}{_lane.Hub.Snapshot()}");
        }

        private bool IsWaiting(int number) => _model.Waiting.Exists(waiting => waiting.Number == number);

        private void Settle()
        {
            // In the order in which the hub had its turns.
            _turns.ForEach(static turn => turn());
            _turns.Clear();
            _leaving.Clear();
            Agree(() => (_pool.FreeCount, _pool.Count) == (_model.Free, _model.Running.Count), $"{_model.Free} places are free and {_model.Running.Count} run");
            Agree(() => _model.Started.Order().SequenceEqual(_started.Order()), $"started are {string.Join(", ", _model.Started.Order())}");
            Agree(
                () => _spawners.All(pair => IsWaiting(pair.Key) == (pair.Value.Status == GreenletStatus.Waiting)),
                $"of the spawners wait {string.Join(", ", _spawners.Keys.Where(IsWaiting))}");
        }
    }
}
