namespace GreenletBridge;

/// <summary>Learns the handle that every <see cref="Monitor.Wait(object)"/> of a thread waits on.</summary>
/// <remarks>
/// Tasks, SemaphoreSlim and ManualResetEventSlim all wait on this one handle; a contended lock waits on the lock's own.
/// The wait hook is given handles only, and a granted lock must not be made to wait for the baton.
/// </remarks>
internal sealed class MonitorHandleProbe : SynchronizationContext
{
    private nint _seen;

    private MonitorHandleProbe() => SetWaitNotificationRequired();

    /// <summary>Also proves that the runtime calls the hook at all: zero where it does not.</summary>
    internal static nint OfThisThread()
    {
        var probe = new MonitorHandleProbe();
        var previous = Current;
        SetSynchronizationContext(probe);
        try
        {
            Wait(probe);
        }
        catch (ThreadInterruptedException)
        {
            // Somebody else's thread, interrupted before: meant for a wait of its own.
            Wait(probe);
            Thread.CurrentThread.Interrupt();
        }
        finally
        {
            SetSynchronizationContext(previous);
        }

        return probe._seen;
    }

    private static void Wait(MonitorHandleProbe probe)
    {
        lock (probe)
            Monitor.Wait(probe, 0);
    }

    public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout)
    {
        if (waitHandles.Length == 1)
            _seen = waitHandles[0];
        return WaitHelper(waitHandles, waitAll, millisecondsTimeout);
    }
}
