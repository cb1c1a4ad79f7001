namespace GreenletBridge;

/// <content>Killing.</content>
public partial class Greenlet
{
    /// <summary>Cancelled when the greenlet is killed: hand it to whatever it awaits.</summary>
    public CancellationToken KillToken
    {
        get
        {
            var details = Details;
            var source = Volatile.Read(ref details.KillSource);
            if (source is null)
            {
                var made = new CancellationTokenSource();
                source = Interlocked.CompareExchange(ref details.KillSource, made, null) ?? made;
                if (!ReferenceEquals(source, made))
                    made.Dispose();
                if (HasKill)
                    CancelKillToken();
            }

            return source.Token;
        }
    }

    /// <summary>Defers kills of the calling greenlet until the result is disposed: for code that must not be broken off.</summary>
    /// <exception cref="InvalidOperationException">The caller is no greenlet.</exception>
    public static IDisposable Shield()
    {
        var self = Current ?? throw new InvalidOperationException("Greenlet.Shield() must be called on a greenlet: only greenlets are killed.");
        return new KillShield(self);
    }

    /// <summary>Until the result is disposed, a kill of the calling greenlet first calls <paramref name="callback"/>: to cancel on a server what it waits for here.</summary>
    /// <param name="callback">Runs on a pool thread, once. May block. What it throws goes to <see cref="HubListener.OnUnhandledException"/>.</param>
    /// <param name="state">Handed to it.</param>
    /// <returns>To be disposed when the call has ended. Does nothing where the caller is no greenlet, was killed before, or is in a <see cref="Shield"/>.</returns>
    /// <remarks>
    /// The wait is interrupted only if it still lasts after <see cref="HubOptions.KillGrace"/>. A greenlet that ends by an
    /// <see cref="OperationCanceledException"/> or a <see cref="System.Data.Common.DbException"/> before that has ended killed.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="callback"/> is null.</exception>
    /// <exception cref="GreenletExitException">The calling greenlet was killed before, and it was not thrown yet.</exception>
    public static KillRegistration OnKill(Action<object?> callback, object? state = null)
    {
        ArgumentNullException.ThrowIfNull(callback);
        if (Current is not { IsShielded: false } self)
            return default;
        // Better not begun than broken off.
        if (self._details?.Kill is { IsDelivered: false } kill && KillBarrier.OfThisStack() == KillPassage.Free && kill.TryDeliver())
            throw self.Thrown(kill).Exception;
        return self.HasKill ? default : new KillRegistration(self.KillToken.UnsafeRegister(KillCallback.Invoke, new KillCallback(self, callback, state)));
    }

    /// <summary>Ends the greenlet where it waits; never waits itself.</summary>
    /// <param name="exception">What is thrown in it; null (the default): a <see cref="GreenletExitException"/>.</param>
    /// <returns>Whether it has ended already.</returns>
    /// <remarks>
    /// One that has not begun never runs. One that runs gets it at its next wait; one that blocks in a wait of the runtime or in
    /// Thread.Sleep is woken. On itself it throws at once. It can be caught; then the greenlet lives on.
    /// </remarks>
    public bool Kill(Exception? exception = null)
    {
        if (IsReady)
            return true;
        exception ??= new GreenletExitException();
        if (TryKillUnbegun(exception))
            return true;
        var details = Details;
        var kill = new KillRequest(exception, Volatile.Read(ref details.KillSource) is null ? TimeSpan.Zero : KillGrace);
        if (Current == this)
        {
            kill.TryDeliver();
            kill.Follow(Volatile.Read(ref details.Kill));
            Volatile.Write(ref details.Kill, kill);
            throw exception;
        }

        Enter(kill);
        Deliver();
        return IsReady;
    }

    /// <summary>As <see cref="Kill(Exception?)"/>, and waits for the end.</summary>
    /// <param name="exception">What is thrown in it; null: a <see cref="GreenletExitException"/>.</param>
    /// <param name="timeout">How long to wait for the end.</param>
    /// <returns>Whether it has ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative; nothing was killed.</exception>
    public bool Kill(Exception? exception, TimeSpan timeout)
    {
        _ = WaitLimit.IsZero(timeout);
        return Kill(exception) || Join(timeout);
    }

    /// <summary>Whether a kill is on its way or was thrown.</summary>
    internal bool HasKill => _details is { } details && Volatile.Read(ref details.Kill) is not null;

    /// <summary>As <see cref="Kill(Exception?)"/>, for engine code that must not be broken off even if it runs on this very greenlet.</summary>
    internal void KillFromOutside(Exception? exception = null)
    {
        if (Current != this)
        {
            Kill(exception);
            return;
        }

        // Cancelled by its own hand: thrown at its next wait, which may be a sleep that nothing shows.
        Enter(new KillRequest(exception ?? new GreenletExitException()));
        DeliverLater();
    }

    /// <summary>Whether its end is the kill's, not one that its code came to by itself.</summary>
    internal bool EndedByKill => _details?.Kill is { } kill && _exception is { } error && kill.IsOrFollows(error);

    /// <summary>Whether kills wait for the end of a <see cref="Shield"/>.</summary>
    internal bool IsShielded => _details is { } details && Volatile.Read(ref details.Shields) != 0;

    /// <summary>Of two kills the first is thrown; a second one counts when the first was thrown and the greenlet lived on.</summary>
    private void Enter(KillRequest kill)
    {
        var details = Details;
        var seen = Volatile.Read(ref details.Kill);
        while (seen is null or { IsDelivered: true })
        {
            kill.Follow(seen);
            var before = Interlocked.CompareExchange(ref details.Kill, kill, seen);
            if (ReferenceEquals(before, seen))
                break;
            seen = before;
        }

        CancelKillToken();
    }

    private bool TryKillUnbegun(Exception exception)
    {
        while (true)
        {
            var status = Volatile.Read(ref _status);
            if (status is not ((int)GreenletStatus.Created or (int)GreenletStatus.Scheduled))
                return false;
            if (Interlocked.CompareExchange(ref _status, Ending, status) == status)
                break;
        }

        var kill = new KillRequest(exception);
        kill.TryDeliver();
        Volatile.Write(ref Details.Kill, kill);
        CancelKillToken();
        if (Volatile.Read(ref _hasStartTime))
            _target.TimerHub.Delayed.Remove(this);
        End(exception);
        _target.TimerHub.LookIfJoined();
        return true;
    }

    private void CancelKillToken()
    {
        // Its callbacks are user code (DbCommand.Cancel asks a server): the killer must not wait for them, nor may a hub.
        if (_details?.KillSource is { IsCancellationRequested: false } source)
            _ = source.CancelAsync();
    }
}
