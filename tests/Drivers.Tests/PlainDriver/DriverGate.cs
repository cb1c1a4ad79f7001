namespace GreenletBridge.Drivers.Tests.PlainDriver;

/// <summary>A call that blocks until it is let go, as native code does: no hub sees it.</summary>
internal sealed class DriverGate
{
    private volatile bool _isOpen;
    private volatile bool _isReached;

    /// <summary>Whether somebody is, or was, in it.</summary>
    public bool IsReached => _isReached;

    public void Open() => _isOpen = true;

    public void Pass()
    {
        _isReached = true;
        Deadline.Wait(() => _isOpen, "the gate to open");
    }
}
