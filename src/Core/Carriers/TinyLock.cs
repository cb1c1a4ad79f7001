namespace GreenletBridge;

/// <summary>A spin lock for a few instructions of engine state.</summary>
/// <remarks>
/// A Monitor would not do here: contended inside a segment it would call the wait hook from within the engine.
/// No user code and nothing that can block may run while it is held.
/// </remarks>
internal struct TinyLock
{
    private int _held;

    internal void Enter()
    {
        if (Interlocked.Exchange(ref _held, 1) != 0)
            EnterSlow();
    }

    internal void Exit() => Volatile.Write(ref _held, 0);

    private void EnterSlow()
    {
        var spin = default(EngineSpin);
        do
        {
            spin.Once();
        }
        while (Volatile.Read(ref _held) != 0 || Interlocked.Exchange(ref _held, 1) != 0);
    }
}
