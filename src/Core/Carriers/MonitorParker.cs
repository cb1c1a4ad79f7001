using System.Diagnostics;

namespace GreenletBridge;

/// <summary>Parks on a Monitor: for systems without a futex.</summary>
internal sealed class MonitorParker : Parker
{
    private readonly object _lock = new();
    private bool _permit;

    internal override bool Park(long deadline, SpinBudget? spin)
    {
        for (var i = 0; i < (spin?.Budget ?? 0) && !Volatile.Read(ref _permit); i++)
            Thread.SpinWait(8);

        // The engine parks inside a segment, where a context with the wait hook is current: the hook must not see this wait.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        var interrupted = false;
        try
        {
            return Sleep(deadline, ref interrupted);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
            // An interrupt that hit the engine's own wait belongs to the next wait of user code.
            if (interrupted)
                Thread.CurrentThread.Interrupt();
        }
    }

    internal override void Unpark() => EngineMonitor.Signal(_lock, ref _permit);

    public override void Dispose()
    {
    }

    private bool Sleep(long deadline, ref bool interrupted)
    {
        while (true)
        {
            try
            {
                lock (_lock)
                {
                    while (!_permit)
                    {
                        if (deadline == NoDeadline)
                        {
                            Monitor.Wait(_lock);
                            continue;
                        }

                        var now = Stopwatch.GetTimestamp();
                        if (deadline <= now)
                            return false;
                        var left = Stopwatch.GetElapsedTime(now, deadline);
                        // Rounded up: a wait that ends before its deadline would spin through the rest.
                        Monitor.Wait(_lock, (int)Math.Min(Math.Ceiling(left.TotalMilliseconds), int.MaxValue));
                    }

                    _permit = false;
                    return true;
                }
            }
            catch (ThreadInterruptedException)
            {
                interrupted = true;
            }
        }
    }
}
