namespace GreenletBridge.FastMode;

/// <summary>What fast mode tells while it runs.</summary>
internal static class FastModeEvents
{
    private static long _blocked;

    /// <summary>How often woven code has blocked a thread.</summary>
    internal static long Blocked => Volatile.Read(ref _blocked);

    internal static void NoteBlocked(Greenlet greenlet) => Interlocked.Increment(ref _blocked);
}
