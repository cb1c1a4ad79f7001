namespace GreenletBridge.Benchmarks.Http;

/// <summary>What the clients of a soak have seen; any thread.</summary>
internal sealed class SoakCounts
{
    private const int MostErrors = 10;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _errors = [];
    private List<double> _probes = [];
    private long _answers;
    private long _left;
    private long _unexpected;

    public long Unexpected => Interlocked.Read(ref _unexpected);

    public IEnumerable<string> Errors
    {
        get
        {
            lock (_lock)
                return [.. _errors.Select(static pair => $"{pair.Value} × {pair.Key}")];
        }
    }

    public void Answer() => Interlocked.Increment(ref _answers);

    public void Leave() => Interlocked.Increment(ref _left);

    public void NoteUnexpected(string what)
    {
        Interlocked.Increment(ref _unexpected);
        lock (_lock)
        {
            if (_errors.Count < MostErrors || _errors.ContainsKey(what))
                _errors[what] = _errors.GetValueOrDefault(what) + 1;
        }
    }

    public void Probe(double milliseconds)
    {
        lock (_lock)
            _probes.Add(milliseconds);
    }

    public long TakeAnswers() => Interlocked.Exchange(ref _answers, 0);

    public long TakeLeft() => Interlocked.Exchange(ref _left, 0);

    /// <summary>The latencies since the last call, ascending.</summary>
    public List<double> TakeProbes()
    {
        List<double> probes;
        lock (_lock)
            (probes, _probes) = (_probes, []);
        probes.Sort();
        return probes;
    }
}
