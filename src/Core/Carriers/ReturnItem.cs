namespace GreenletBridge;

/// <summary>A thread's request for the baton after a runtime wait.</summary>
internal sealed class ReturnItem(Runner runner) : WorkItem(WorkKind.Return)
{
    private const int Idle = 0;
    private const int Asking = 1;
    private const int Abandoned = 2;
    private int _state;

    internal override Runner Target => runner;

    /// <summary>The owner, before it posts the item.</summary>
    internal void Ask() => Volatile.Write(ref _state, Asking);

    /// <summary>The owner has waited long enough. False when the baton is on its way.</summary>
    internal bool TryAbandon() => Interlocked.CompareExchange(ref _state, Abandoned, Asking) == Asking;

    internal override bool TryClaim() => Interlocked.CompareExchange(ref _state, Idle, Asking) == Asking;

    internal override void Run(Runner self)
    {
        // The target thread goes on with its own stack; there is nothing to run.
    }
}
