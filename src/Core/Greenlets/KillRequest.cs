using System.Diagnostics;

namespace GreenletBridge;

/// <summary>One kill on its way to a greenlet.</summary>
internal sealed class KillRequest(Exception exception, TimeSpan grace = default)
{
    private const int Pending = 0;
    private const int Thrown = 1;
    private const int Interrupted = 2;
    private readonly long _made = Stopwatch.GetTimestamp();
    private KillRequest? _earlier;
    private int _state;

    internal Exception Exception { get; } = exception;

    internal bool IsDelivered => Volatile.Read(ref _state) != Pending;

    /// <summary>Whether those who were told by the token have had their time.</summary>
    internal bool MayInterrupt => grace <= TimeSpan.Zero || Stopwatch.GetElapsedTime(_made) >= grace;

    /// <summary>One kill is thrown once: true for the first caller only.</summary>
    internal bool TryDeliver() => Interlocked.CompareExchange(ref _state, Thrown, Pending) == Pending;

    /// <summary>A sleeping thread is interrupted for it: user code sees the runtime's own exception.</summary>
    internal bool NoteInterrupted() => Interlocked.CompareExchange(ref _state, Interrupted, Pending) == Pending;

    /// <summary>The interrupt met no wait of user code: the kill is still to be thrown.</summary>
    internal void ForgetInterrupt() => Interlocked.CompareExchange(ref _state, Pending, Interrupted);

    /// <summary>The greenlet lives on after <paramref name="earlier"/>, or is on its way out by it.</summary>
    internal void Follow(KillRequest? earlier)
    {
        _earlier = earlier;
        // One is enough, and a greenlet that catches kills for ever must not keep them all.
        earlier?._earlier = null;
    }

    /// <summary>Whether <paramref name="error"/> is the exception of this kill or of the one before.</summary>
    internal bool IsOrFollows(Exception error) => ReferenceEquals(error, Exception) || (_earlier is { } earlier && ReferenceEquals(error, earlier.Exception));

    /// <summary>Which kill <paramref name="error"/> is, this or the one before; null when it is none.</summary>
    internal KillRequest? Explaining(Exception error, CancellationTokenSource? told) =>
        Explains(error, told) ? this : _earlier is { } earlier && earlier.Explains(error, told) ? earlier : null;

    /// <summary>Whether <paramref name="error"/> is this kill, perhaps wrapped by the libraries it passed through.</summary>
    /// <param name="error">What the greenlet's code ended with.</param>
    /// <param name="told">The source of its <see cref="Greenlet.KillToken"/>, if anybody asked for the token.</param>
    private bool Explains(Exception error, CancellationTokenSource? told)
    {
        if (IsDelivered && (ReferenceEquals(error, Exception) || (error is ThreadInterruptedException && Volatile.Read(ref _state) == Interrupted)))
            return true;
        if (error is OperationCanceledException canceled && IsCanceledBy(canceled, told))
            return true;
        if (error is AggregateException aggregate)
            return aggregate.InnerExceptions.Any(inner => Explains(inner, told));
        return error.InnerException is { } cause && Explains(cause, told);
    }

    private bool IsCanceledBy(OperationCanceledException error, CancellationTokenSource? told)
    {
        // Who was told by the token, or by one that is linked to it, has ended before the kill could be thrown.
        if (!IsDelivered)
            return told is not null;
        // A Task that was cancelled by the kill in one of its parts (Task.WhenAll) keeps neither the exception nor a token.
        return (told is not null && error.CancellationToken == told.Token)
            || (Exception is OperationCanceledException && error.CancellationToken == CancellationToken.None);
    }
}
