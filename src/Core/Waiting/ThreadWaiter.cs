using System.Diagnostics;

namespace GreenletBridge;

/// <summary>A wait of a thread that runs no greenlet: it blocks as any .NET wait does, and can be interrupted as one.</summary>
internal sealed class ThreadWaiter(IWaitSource? source) : Waiter(source)
{
    private readonly object _lock = new();
    private bool _isWoken;

    /// <summary>The thread that waits.</summary>
    internal void Park(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var limit = timeout is { } time && time != Timeout.InfiniteTimeSpan ? time : TimeSpan.MaxValue;
        var started = Stopwatch.GetTimestamp();
        using var registration = cancellationToken.UnsafeRegister(static waiter => ((Waiter)waiter!).TryEnd(WaitOutcome.Canceled), this);
        var wasInterrupted = false;
        var isHeld = false;
        try
        {
            // Until it is woken, not only until its end is decided: who decides it may have something to hand over yet.
            while (!_isWoken || !isHeld)
            {
                var left = limit == TimeSpan.MaxValue ? Timeout.Infinite : (limit - Stopwatch.GetElapsedTime(started)).TotalMilliseconds;
                var isOver = left is <= 0 and not Timeout.Infinite;
                if (isOver && isHeld && TryDecide(WaitOutcome.TimedOut))
                    return;
                try
                {
                    if (!isHeld)
                        Monitor.Enter(_lock, ref isHeld);
                    else
                        Monitor.Wait(_lock, isOver ? Timeout.Infinite : (int)Math.Min(Math.Ceiling(left), int.MaxValue));
                }
                catch (ThreadInterruptedException) when (!TryDecide(WaitOutcome.Canceled))
                {
                    // What was waited for has come and is the caller's: the interrupt is for the next wait.
                    wasInterrupted = true;
                }
            }
        }
        finally
        {
            if (isHeld)
                Monitor.Exit(_lock);
        }

        if (wasInterrupted)
            Thread.CurrentThread.Interrupt();
    }

    internal override void Run(Runner runner)
    {
        // Never posted: the thread is woken by its lock.
    }

    protected override void OnEnded() => EngineMonitor.Signal(_lock, ref _isWoken);
}
