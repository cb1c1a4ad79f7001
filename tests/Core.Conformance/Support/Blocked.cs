namespace GreenletBridge.Core.Conformance;

/// <summary>Blocks a greenlet's thread where no hub sees it.</summary>
internal static class Blocked
{
    /// <summary>Keeps the thread, and the hub's turn, until the gate is open.</summary>
    public static void Unseen(ManualResetEventSlim gate)
    {
        // No wait of the runtime: that would be hooked.
        var spin = new SpinWait();
        while (!gate.IsSet)
            spin.SpinOnce(-1);
    }
}
