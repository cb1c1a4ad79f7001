namespace GreenletBridge;

/// <summary>The greenlet whose segment the calling thread runs.</summary>
internal static class WaitOwner
{
    [ThreadStatic]
    private static IWaitOwner? _current;

    internal static IWaitOwner? Current
    {
        get => _current;
        set => _current = value;
    }
}
