namespace GreenletBridge.Hosting;

/// <summary>Looks after one call from its kill to its end.</summary>
internal sealed class KillWatch(CallPolicy policy, Greenlet greenlet, string name, Action abort)
{
    // Between two kills of a greenlet that each of its waits is to throw
    private static readonly TimeSpan _again = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan _least = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly long _killed = policy.Time.GetTimestamp();
    private ITimer? _timer;
    private CancellationTokenRegistration _left;
    private bool _isReported;
    private bool _isOver;

    private TimeSpan Elapsed => policy.Time.GetElapsedTime(_killed);

    public void Start()
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            var first = policy.KillsAgain && _again < policy.KillTimeout ? _again : policy.KillTimeout;
            _timer = policy.Time.CreateTimer(static watch => ((KillWatch)watch!).Tick(), this, first, policy.KillsAgain ? _again : Timeout.InfiniteTimeSpan);
            _left = policy.LeftBehind.UnsafeRegister(static watch => ThreadPool.UnsafeQueueUserWorkItem(static w => w.Report(), (KillWatch)watch!, preferLocal: false), this);
        }
    }

    /// <summary>The call is over: from here on its connection is no more of our business.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isOver = true;
            _timer?.Dispose();
            _left.Unregister();
            if (_isReported)
            {
                policy.ReportEnded(name, Elapsed);
            }
        }
    }

    private void Tick()
    {
        // Under the lock: once the call is over, its connection may serve another
        lock (_lock)
        {
            if (_isOver || greenlet.IsReady)
                return;
            if (!_isReported && Elapsed >= policy.KillTimeout)
            {
                Report();
            }
            else if (!_isReported && !policy.KillsAgain)
            {
                // A timer may come a moment early by the finer clock, and this one comes only once
                var left = policy.KillTimeout - Elapsed;
                _timer?.Change(left > _least ? left : _least, Timeout.InfiniteTimeSpan);
            }
        }

        if (policy.KillsAgain)
        {
            greenlet.Kill();
        }
    }

    // It has had its time: that of the setting, or less if its hub has stopped without it
    private void Report()
    {
        lock (_lock)
        {
            if (_isOver || _isReported || greenlet.IsReady)
                return;
            _isReported = true;
            policy.ReportResisting(name, greenlet, Elapsed, WaitingFor());
            abort();
        }
    }

    private string? WaitingFor() => greenlet.Hub?.Snapshot().Greenlets.FirstOrDefault(one => one.Id == greenlet.Id)?.WaitingFor;
}
