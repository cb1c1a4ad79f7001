using System.Diagnostics;

namespace GreenletBridge;

/// <summary>A wait of a thread that runs no greenlet: it blocks as any .NET wait does, and can be interrupted as one.</summary>
internal sealed class ThreadWaiter(IWaitSource? source) : Waiter(source)
{
    private readonly object _lock = new();

    /// <summary>The thread that waits.</summary>
    internal void Park(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var limit = timeout is { } time && time != Timeout.InfiniteTimeSpan ? time : TimeSpan.MaxValue;
        var started = Stopwatch.GetTimestamp();
        using var registration = cancellationToken.UnsafeRegister(static waiter => ((Waiter)waiter!).TryEnd(WaitOutcome.Canceled), this);
        lock (_lock)
        {
            while (Outcome == WaitOutcome.None)
            {
                var left = limit == TimeSpan.MaxValue ? Timeout.Infinite : (limit - Stopwatch.GetElapsedTime(started)).TotalMilliseconds;
                if (left is <= 0 and not Timeout.Infinite)
                    break;
                Monitor.Wait(_lock, (int)Math.Min(Math.Ceiling(left), int.MaxValue));
            }
        }

        TryEnd(WaitOutcome.TimedOut);
    }

    internal override void Run(Runner runner)
    {
        // Never posted: the thread is woken by its lock.
    }

    protected override void OnEnded()
    {
        lock (_lock)
        {
            Monitor.Pulse(_lock);
        }
    }
}
