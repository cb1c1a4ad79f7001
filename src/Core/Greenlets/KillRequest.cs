using System.Diagnostics;

namespace GreenletBridge;

/// <summary>One kill on its way to a greenlet.</summary>
internal sealed class KillRequest(Exception exception, TimeSpan grace = default)
{
    private const int Pending = 0;
    private const int Thrown = 1;
    private const int Interrupted = 2;
    private readonly long _made = Stopwatch.GetTimestamp();
    private int _state;

    internal Exception Exception { get; } = exception;

    internal bool IsDelivered => Volatile.Read(ref _state) != Pending;

    /// <summary>Whether those who were told by the token have had their time.</summary>
    internal bool MayInterrupt => grace <= TimeSpan.Zero || Stopwatch.GetElapsedTime(_made) >= grace;

    /// <summary>One kill is thrown once: true for the first caller only.</summary>
    internal bool TryDeliver() => Interlocked.CompareExchange(ref _state, Thrown, Pending) == Pending;

    /// <summary>A sleeping thread is interrupted for it: user code sees the runtime's own exception.</summary>
    internal void NoteInterrupted() => Interlocked.CompareExchange(ref _state, Interrupted, Pending);

    /// <summary>The interrupt met no wait of user code: the kill is still to be thrown.</summary>
    internal void ForgetInterrupt() => Interlocked.CompareExchange(ref _state, Pending, Interrupted);

    /// <summary>Whether <paramref name="error"/> is this kill, perhaps wrapped by the libraries it passed through.</summary>
    internal bool Explains(Exception error)
    {
        if (!IsDelivered)
            return false;
        if (ReferenceEquals(error, Exception) || (error is ThreadInterruptedException && Volatile.Read(ref _state) == Interrupted))
            return true;
        if (error is AggregateException aggregate)
            return aggregate.InnerExceptions.Any(Explains);
        return error.InnerException is { } inner && Explains(inner);
    }
}
