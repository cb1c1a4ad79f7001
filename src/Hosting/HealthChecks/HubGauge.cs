namespace GreenletBridge.Hosting;

/// <summary>Measures how long work waits for a hub, or for the group: sends a probe after it that waits as work does.</summary>
/// <param name="time">The clock.</param>
/// <param name="post">Has a probe run by whom it probes.</param>
internal sealed class HubGauge(TimeProvider time, Action<Action> post)
{
    private readonly Lock _lock = new();
    private long? _sent;
    private TimeSpan _last;

    /// <summary>Whether a probe has not come back.</summary>
    public bool IsOut
    {
        get
        {
            lock (_lock)
            {
                return _sent is not null;
            }
        }
    }

    /// <summary>How long the probe that is out has waited so far; else how long the last one did.</summary>
    public TimeSpan Lag
    {
        get
        {
            lock (_lock)
            {
                return _sent is { } sent ? time.GetElapsedTime(sent) : _last;
            }
        }
    }

    /// <summary>Sends a probe, unless one is out.</summary>
    public void Probe()
    {
        lock (_lock)
        {
            if (_sent is not null)
                return;

            _sent = time.GetTimestamp();
        }

        try
        {
            post(Answer);
        }
        catch (InvalidOperationException)
        {
            // Stopped, or no carrier left for any work: nothing new begins. The next probe may.
            Forget();
        }
    }

    /// <summary>Nothing waits: what was measured last is past.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _sent = null;
            _last = TimeSpan.Zero;
        }
    }

    private void Answer()
    {
        lock (_lock)
        {
            if (_sent is { } sent)
            {
                _last = time.GetElapsedTime(sent);
                _sent = null;
            }
        }
    }
}
