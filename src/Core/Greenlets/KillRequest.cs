using System.Data.Common;
using System.Diagnostics;

namespace GreenletBridge;

/// <summary>One kill on its way to a greenlet, or something else that is thrown where it waits, such as a time that is up.</summary>
internal sealed class KillRequest(Exception exception, TimeSpan grace = default)
{
    private const int Pending = 0;
    private const int Thrown = 1;
    private const int Interrupted = 2;
    private const int Withdrawn = 3;
    private readonly long _made = Stopwatch.GetTimestamp();
    private KillRequest? _earlier;
    private SentInterrupt? _sent;
    private int _state;
    private bool _hasWaitedSince;

    internal Exception Exception { get; } = exception;

    /// <summary>Where in the greenlet's code it may be thrown; null: anywhere.</summary>
    internal FlowScope? Flow { get; init; }

    /// <summary>Whether it is no kill: the greenlet lives on when its scope is left.</summary>
    internal bool IsScoped { get; init; }

    internal bool IsDelivered => Volatile.Read(ref _state) != Pending;

    /// <summary>Whether a thread was interrupted for it.</summary>
    internal bool IsInterrupted => Volatile.Read(ref _state) == Interrupted;

    /// <summary>Whether those who were told by the token have had their time.</summary>
    internal bool MayInterrupt => grace <= TimeSpan.Zero || Stopwatch.GetElapsedTime(_made) >= grace;

    /// <summary>One kill is thrown once: true for the first caller only.</summary>
    internal bool TryDeliver() => Interlocked.CompareExchange(ref _state, Thrown, Pending) == Pending;

    /// <summary>It was thrown to who cannot end yet: it is pending again.</summary>
    internal void TakeBack() => Interlocked.CompareExchange(ref _state, Pending, Thrown);

    /// <summary>Its scope is left: it is not to be thrown any more. False when it was, or an interrupt is on its way.</summary>
    internal bool TryWithdraw() => Interlocked.CompareExchange(ref _state, Withdrawn, Pending) is Pending or Withdrawn;

    /// <summary>A thread is interrupted for it: user code sees the runtime's own exception.</summary>
    /// <param name="runner">Whose user code is interrupted; null if it is a wait that lets the interrupt through.</param>
    /// <param name="period">The period of that thread's gate.</param>
    internal bool NoteInterrupted(Runner? runner = null, long period = 0)
    {
        if (Interlocked.CompareExchange(ref _state, Interrupted, Pending) != Pending)
            return false;
        Volatile.Write(ref _sent, runner is null ? null : new SentInterrupt(runner, period));
        return true;
    }

    /// <summary>The interrupt met no wait of that thread's user code in that period: the kill is still to be thrown.</summary>
    internal void ForgetInterrupt(Runner runner, long period)
    {
        // Another one may have been met long ago, or been sent to another thread.
        if (Volatile.Read(ref _sent) is not { } sent || sent != new SentInterrupt(runner, period))
            return;
        Volatile.Write(ref _sent, null);
        Interlocked.CompareExchange(ref _state, Pending, Interrupted);
    }

    /// <summary>Whether it may be thrown out of that wait; without one, out of the user code that runs on that thread.</summary>
    internal bool Concerns(IKillableWait? wait, Runner? runner) =>
        Flow is not { } scope || (wait is null ? scope.Stack == runner && runner is not null : wait.Flow is { } flow && flow.IsIn(scope));

    /// <summary>The greenlet begins a wait: if this kill was thrown, it lives on.</summary>
    internal void NoteWait() => _hasWaitedSince = IsDelivered;

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
        if (!IsScoped && error is DbException && IsOfStoppedCommand(told))
            return true;
        if (error is AggregateException aggregate)
            return aggregate.InnerExceptions.Any(inner => Explains(inner, told));
        return error.InnerException is { } cause && Explains(cause, told);
    }

    /// <summary>
    /// Database drivers throw an exception of their own when a command was cancelled on its server, and some take a kill, which is a
    /// cancellation, for their own timeout (Npgsql, while it waits for a connection of its pool) and lose it.
    /// </summary>
    private bool IsOfStoppedCommand(CancellationTokenSource? told) => IsDelivered ? !_hasWaitedSince : told is not null;

    private bool IsCanceledBy(OperationCanceledException error, CancellationTokenSource? told)
    {
        // Who is killed within a scope is not stopped by the scope.
        if (IsScoped && error is GreenletExitException)
            return false;
        // Who was told by the token, or by one that is linked to it, has ended before the kill could be thrown.
        if (!IsDelivered)
            return told is not null;
        // A Task that was cancelled by the kill in one of its parts (Task.WhenAll) keeps neither the exception nor a token.
        return (told is not null && error.CancellationToken == told.Token)
            || (Exception is OperationCanceledException && error.CancellationToken == CancellationToken.None);
    }
}
