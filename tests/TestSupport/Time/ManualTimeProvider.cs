namespace GreenletBridge.TestSupport;

/// <summary>A clock that stands still until <see cref="Advance"/> moves it.</summary>
/// <remarks>
/// Timers fire in the order in which they are due (those due at once in the order in which they were set), on the
/// thread that advances, outside every lock of this type. While a timer's callback runs, the clock shows the time the
/// timer was due. A timer set with no delay at all fires on the thread pool without waiting for an advance, as a real
/// one does. Safe for use by any thread; callbacks may set timers, read the clock and advance it.
/// </remarks>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly SortedSet<ManualTimer> _armed = new(ManualTimer.DueOrder);
    private readonly DateTimeOffset _start;
    private long _now;
    private long _horizon;
    private long _sequence;
    private int _advancing;

    /// <summary>Starts the clock at 2026-01-01 00:00 UTC.</summary>
    public ManualTimeProvider()
        : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>Starts the clock at <paramref name="start"/>.</summary>
    /// <param name="start">The first value of <see cref="GetUtcNow"/>.</param>
    public ManualTimeProvider(DateTimeOffset start) => _start = start.ToUniversalTime();

    /// <inheritdoc/>
    /// <value>10,000,000: a timestamp counts ticks of <see cref="TimeSpan"/>.</value>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Timers that are set and have not fired for the last time.</summary>
    /// <value>A periodic timer counts as one until it is disposed or disarmed.</value>
    public int TimerCount
    {
        get
        {
            lock (_lock)
            {
                return _armed.Count;
            }
        }
    }

    /// <summary>Time from now until the next timer is due.</summary>
    /// <value>Null if no timer is set; zero if one is due already.</value>
    public TimeSpan? NextDue
    {
        get
        {
            lock (_lock)
            {
                return _armed.Min is { } next ? TimeSpan.FromTicks(Math.Max(0, next.Due - _now)) : null;
            }
        }
    }

    /// <summary>Whether no timer is due and none is being fired: nothing comes of this clock until it is advanced.</summary>
    public bool IsSettled
    {
        get
        {
            lock (_lock)
            {
                return _advancing == 0 && (_armed.Min is not { } next || next.Due > _now);
            }
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref _now);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start.AddTicks(GetTimestamp());

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and fires every timer that becomes due, a periodic one as often as it becomes due.</summary>
    /// <param name="by">How far; zero fires what is due already.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        lock (_lock)
        {
            _horizon += by.Ticks;
            _advancing++;
        }

        while (TakeDue() is { } timer)
        {
            try
            {
                timer.Fire();
            }
            catch
            {
                lock (_lock)
                {
                    _advancing--;
                }

                throw;
            }
        }
    }

    /// <summary>Moves the clock to the next timer and fires it and all that are due with it.</summary>
    /// <returns>False if no timer is set: then the clock stays.</returns>
    public bool AdvanceToNext()
    {
        if (NextDue is not { } next)
        {
            return false;
        }

        Advance(next);
        return true;
    }

    internal bool Arm(ManualTimer timer, long delay, long period)
    {
        lock (_lock)
        {
            if (timer.IsDisposed)
            {
                return false;
            }

            _armed.Remove(timer);
            timer.Period = period;
            if (delay < 0)
            {
                return true;
            }

            timer.Due = _now + delay;
            timer.Sequence = ++_sequence;
            _armed.Add(timer);

            // An advance under way reaches this timer by itself; two firers would lose the order.
            if (delay == 0 && _advancing == 0)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static self => self.FireDue(), this, preferLocal: false);
            }

            return true;
        }
    }

    internal void Disarm(ManualTimer timer)
    {
        lock (_lock)
        {
            timer.IsDisposed = true;
            _armed.Remove(timer);
        }
    }

    private void FireDue() => Advance(TimeSpan.Zero);

    /// <summary>The next timer of an advance under way; null when it is over, and then it is no longer under way: whoever arms a timer from here on must not count on it.</summary>
    private ManualTimer? TakeDue()
    {
        lock (_lock)
        {
            if (_armed.Min is not { } next || next.Due > _horizon)
            {
                Interlocked.Exchange(ref _now, Math.Max(_now, _horizon));
                _advancing--;
                return null;
            }

            _armed.Remove(next);
            Interlocked.Exchange(ref _now, Math.Max(_now, next.Due));
            if (next.Period > 0)
            {
                next.Due += next.Period;
                next.Sequence = ++_sequence;
                _armed.Add(next);
            }

            return next;
        }
    }
}
