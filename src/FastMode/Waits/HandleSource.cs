namespace GreenletBridge.FastMode;

/// <summary>An event that stays set as something to wait for: looking at it takes nothing from it.</summary>
internal sealed class HandleSource(WaitHandle handle) : IWaitSource
{
    private RegisteredWaitHandle? _registration;

    public bool TryAdd(Waiter waiter)
    {
        if (handle.WaitOne(0))
            return false;
        _registration = ThreadPool.UnsafeRegisterWaitForSingleObject(
            handle, static (state, _) => ((Waiter)state!).TryEnd(WaitOutcome.Completed), waiter, Timeout.Infinite, executeOnlyOnce: true);
        return true;
    }

    public void Remove(Waiter waiter) => _registration?.Unregister(null);

    public string Describe() => handle.GetType().Name;
}
