namespace GreenletBridge.Hosting;

/// <summary>Sums blockages by the place where they happened. Any thread.</summary>
internal sealed class TopBlockers(TimeProvider? time = null) : HubListener
{
    // Places are code, so there are few; this is for code that is generated at run time
    private const int MostPlaces = 500;

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Work, string? Place), BlockerSum> _sums = [];
    private readonly HashSet<Blockage> _now = [];

    /// <summary>Blockages that have not ended, the longest first.</summary>
    public IReadOnlyList<Blockage> Now
    {
        get
        {
            lock (_lock)
            {
                return [.. _now.OrderByDescending(blockage => blockage.Duration)];
            }
        }
    }

    /// <summary>The places that took most time in all.</summary>
    public IReadOnlyList<BlockerSum> Top(int count)
    {
        lock (_lock)
        {
            return [.. _sums.Values.OrderByDescending(sum => sum.Total).Take(count)];
        }
    }

    public override void OnBlockageDetected(Blockage blockage)
    {
        lock (_lock)
        {
            _now.Add(blockage);
        }
    }

    public override void OnBlockageEnded(Blockage blockage)
    {
        var (work, kind, duration) = (blockage.Key, BlockageText.Kind(blockage), blockage.Duration);
        lock (_lock)
        {
            _now.Remove(blockage);
            var key = (work, blockage.Place);
            var known = _sums.GetValueOrDefault(key) ?? new BlockerSum(work, "", kind, blockage.Place, 0, TimeSpan.Zero, TimeSpan.Zero, 0, default);
            _sums[key] = known with
            {
                Hub = blockage.Hub.Name,
                Kind = kind,
                Count = known.Count + 1,
                Total = known.Total + duration,
                Longest = duration > known.Longest ? duration : known.Longest,
                HandedOff = known.HandedOff + (blockage.IsHandedOff ? 1 : 0),
                Last = _time.GetUtcNow(),
            };
            if (_sums.Count > MostPlaces)
            {
                _sums.Remove(_sums.MinBy(pair => pair.Value.Last).Key);
            }
        }
    }
}
