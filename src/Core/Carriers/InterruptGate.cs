namespace GreenletBridge;

/// <summary>The one place that interrupts a thread: makes sure that an interrupt hits the wait it was meant for.</summary>
/// <remarks>
/// A late <see cref="Thread.Interrupt"/> hits the next, unrelated wait of the thread. So the owner opens a numbered period in
/// which it may be interrupted; a killer moves that very period from open to interrupting, interrupts, and says that it has.
/// The owner closes the period by the same word: whoever comes second knows of the other.
/// </remarks>
internal sealed class InterruptGate
{
    private const long Open = 1;
    private const long Interrupting = 2;
    private const long Interrupted = 3;
    private const int StateBits = 2;
    private const long StateMask = (1 << StateBits) - 1;
    private long _record;

    /// <summary>The period that is open or was last; any thread.</summary>
    internal long Period => Volatile.Read(ref _record) >> StateBits;

    /// <summary>The owner: whether that period has not been closed.</summary>
    internal bool IsOpenIn(long period) => (Volatile.Read(ref _record) & StateMask) != 0 && Period == period;

    /// <summary>The owner: from here on the thread may be interrupted.</summary>
    internal long OpenPeriod()
    {
        var period = (_record >> StateBits) + 1;
        Volatile.Write(ref _record, (period << StateBits) | Open);
        return period;
    }

    /// <summary>The owner: no interrupt comes after this. True when one came during the period.</summary>
    internal bool ClosePeriod()
    {
        var record = Volatile.Read(ref _record);
        var period = record & ~StateMask;
        if ((record & StateMask) == 0)
            return false;
        if (Interlocked.CompareExchange(ref _record, period, period | Open) == (period | Open))
            return false;

        var spin = default(EngineSpin);
        while ((Volatile.Read(ref _record) & StateMask) != Interrupted)
            spin.Once();
        Volatile.Write(ref _record, period);
        return true;
    }

    /// <summary>A killer: interrupts <paramref name="thread"/> if it is still in that period. At most one interrupt a period.</summary>
    internal bool TryInterrupt(Thread thread, long period)
    {
        var open = (period << StateBits) | Open;
        if (Interlocked.CompareExchange(ref _record, (period << StateBits) | Interrupting, open) != open)
            return false;
        thread.Interrupt();
        Volatile.Write(ref _record, (period << StateBits) | Interrupted);
        return true;
    }

    /// <summary>The owner, after a period that was interrupted: takes an interrupt that no wait has met. True if there was one.</summary>
    internal static bool Drain()
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            Thread.CurrentThread.Join(0);
            return false;
        }
        catch (ThreadInterruptedException)
        {
            return true;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
