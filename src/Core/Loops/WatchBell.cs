namespace GreenletBridge;

/// <summary>Wakes whoever watches the batons when one of them is taken while all were free.</summary>
internal sealed class WatchBell
{
    private readonly Parker _parker = Parker.Create();
    private int _sleeps;

    /// <summary>A baton was taken, by a full fence. Any thread.</summary>
    internal void Ring()
    {
        if (Volatile.Read(ref _sleeps) != 0 && Interlocked.Exchange(ref _sleeps, 0) != 0)
            _parker.Unpark();
    }

    /// <summary>The watcher: waits until <paramref name="deadline"/>, a Stopwatch timestamp.</summary>
    internal void WaitUntil(long deadline) => _parker.Park(deadline);

    /// <summary>The watcher: waits until it is rung for, unless a baton is held.</summary>
    internal void WaitForRing(Func<bool> isAnyHeld)
    {
        // A full fence lies between the mark and the look: who took a baton before it is seen here, who takes one after it rings.
        Interlocked.Exchange(ref _sleeps, 1);
        if (isAnyHeld())
            Interlocked.Exchange(ref _sleeps, 0);
        else
            _parker.Park();
    }
}
