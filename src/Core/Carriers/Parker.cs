namespace GreenletBridge;

/// <summary>Lets one thread sleep until another wakes it: the parking primitive under every hand-off of a baton.</summary>
/// <remarks>
/// A permit of at most one: <see cref="Unpark"/> before <see cref="Park"/> makes the next park return at once.
/// Parking is not interruptible: <see cref="Thread.Interrupt"/> is for user code's waits, never for the engine's own.
/// </remarks>
internal abstract class Parker : IDisposable
{
    /// <summary>Waits without limit.</summary>
    internal const long NoDeadline = long.MaxValue;

    /// <summary>The best parker of this machine.</summary>
    internal static Parker Create() => FutexParker.IsSupported ? new FutexParker() : new MonitorParker();

    /// <summary>Waits for a permit and consumes it. Only the thread that owns the parker.</summary>
    /// <param name="deadline">A timestamp of <see cref="System.Diagnostics.Stopwatch"/>, or <see cref="NoDeadline"/>.</param>
    /// <param name="spin">How many times to look before the thread sleeps; null: not at all.</param>
    /// <returns>False when the deadline passed first.</returns>
    internal abstract bool Park(long deadline = NoDeadline, SpinBudget? spin = null);

    /// <summary>Gives the permit; any thread.</summary>
    internal abstract void Unpark();

    public abstract void Dispose();
}
