using System.ComponentModel;

namespace GreenletBridge.FastMode.Tests;

/// <summary>A wait that a stressed copy of a library has at the head of each of its methods: one in a few really waits.</summary>
public static class StressPoint
{
    private static int _reached;
    private static int _waited;

    /// <summary>How many in a row go on at once before one waits.</summary>
    public static int Every { get; set; } = 3;

    /// <summary>How many were waits, since the last time it was asked for.</summary>
    public static int TakeWaited() => Interlocked.Exchange(ref _waited, 0);

    /// <summary>Plain code passes it.</summary>
    public static void Reach()
    {
    }

    /// <summary>Its async form.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static Task ReachAsync()
    {
        if (Interlocked.Increment(ref _reached) % Every != 0)
            return Task.CompletedTask;
        Interlocked.Increment(ref _waited);
        return YieldAsync();
    }

    private static async Task YieldAsync() => await Task.Yield();
}
