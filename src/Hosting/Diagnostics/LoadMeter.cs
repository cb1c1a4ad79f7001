namespace GreenletBridge.Hosting;

/// <summary>Each hub's load since it was last asked for. Any thread.</summary>
internal sealed class LoadMeter
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (TimeSpan Age, TimeSpan Busy, double Load)> _last = new(StringComparer.Ordinal);

    /// <summary>Share of the time since the last call in which the hub had something to run, 0 to 1.</summary>
    public double Since(HubSnapshot hub)
    {
        lock (_lock)
        {
            var last = _last.GetValueOrDefault(hub.Name);
            var time = hub.Age - last.Age;

            // Of two observers that ask at once the second gets what the first got
            if (time < TimeSpan.FromMilliseconds(1))
                return last.Load;
            var load = Math.Clamp((hub.BusyTime - last.Busy) / time, 0, 1);
            _last[hub.Name] = (hub.Age, hub.BusyTime, load);
            return load;
        }
    }
}
