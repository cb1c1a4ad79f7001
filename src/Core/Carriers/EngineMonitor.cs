namespace GreenletBridge;

/// <summary>What the engine signals through a monitor on a thread that runs user code: neither the wait hook nor an interrupt of somebody else's code may get in between.</summary>
internal static class EngineMonitor
{
    /// <summary>Sets the flag and wakes who waits for it. An interrupt that comes meanwhile is kept for the next wait of user code.</summary>
    internal static void Signal(object gate, ref bool flag)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        var interrupted = false;
        while (true)
        {
            try
            {
                lock (gate)
                {
                    flag = true;
                    Monitor.Pulse(gate);
                }

                break;
            }
            catch (ThreadInterruptedException)
            {
                interrupted = true;
            }
        }

        SynchronizationContext.SetSynchronizationContext(context);
        if (interrupted)
            Thread.CurrentThread.Interrupt();
    }
}
