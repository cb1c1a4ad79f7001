namespace GreenletBridge.Hosting;

/// <summary>One piece of a host's work that runs in a greenlet of its own and is over when that has ended: a request, a hub method.</summary>
/// <remarks>One object with methods in place of closures: that is what a request costs beside its greenlet.</remarks>
internal abstract class HostedCall(CallPolicy policy, string name, CancellationToken token)
{
    private static readonly GreenletToTaskOptions _immediate = new() { Completion = GreenletCompletion.Immediate };
    private static readonly GreenletToTaskOptions _afterExit = new() { Completion = GreenletCompletion.AfterExit };

    // In place of a watch: the call is over
    private static readonly object _over = new();

    private const int Waiting = 0;
    private const int Begun = 1;
    private const int Refused = 2;

    private readonly CancellationToken _token = policy.KillOnDisconnect ? token : CancellationToken.None;
    private CancellationTokenRegistration _registration;
    private CancellationTokenRegistration _lost;
    private CancellationTokenRegistration _killing;
    private HubTarget? _target;
    private Greenlet? _greenlet;
    private int _state;
    private object? _watch;
    private int _isWatched;

    /// <summary>Whether its hub was lost before it had begun: it never will.</summary>
    protected bool IsRefused => Volatile.Read(ref _state) == Refused;

    /// <summary>Whether its work has begun.</summary>
    protected bool HasBegun => Volatile.Read(ref _state) == Begun;

    protected CallPolicy Policy => policy;

    /// <summary>Whether it may be refused while its hub is blocked; what cleans up has to wait for its turn.</summary>
    protected virtual bool MayBeRefused => true;

    /// <summary>Runs it in a new greenlet.</summary>
    /// <returns>Ends when the greenlet has ended, with its exception.</returns>
    public Task RunAsync(HubTarget target, WorkProfile profile)
    {
        _target = target;
        Greenlet greenlet;
        try
        {
            greenlet = target.Spawn(Begin, profile);
        }
        catch (HubStoppedException exception) when (Handles(exception))
        {
            return AnswerAsync(target);
        }

        WatchToken(greenlet);
        if (MayBeRefused && !HasBegun)
        {
            _lost = target.Health.Lost.UnsafeRegister(static call => ((HostedCall)call!).Refuse(), this);
        }

        if (!greenlet.IsSuccessful || IsRefused)
            return EndAsync(target, greenlet);

        Finish();
        return Task.CompletedTask;
    }

    /// <summary>The work, in the greenlet.</summary>
    protected abstract Task RunBody(Greenlet greenlet);

    /// <summary>Whether a failure has been dealt with: the call is then over without an exception.</summary>
    protected virtual bool Handles(Exception exception) => false;

    /// <summary>Deals with what <see cref="Handles"/> has taken on.</summary>
    protected virtual Task AnswerAsync(HubTarget target) => Task.CompletedTask;

    /// <summary>It begins, in the greenlet.</summary>
    protected virtual void NoteBegun(HubTarget target)
    {
        // What is no request is not measured.
    }

    /// <summary>It resists its kill: breaks its connection.</summary>
    protected virtual void Abort()
    {
        // What has no connection of its own is only reported.
    }

    /// <summary>Kills the greenlet, on behalf of whoever cancels a token; may run in that very greenlet.</summary>
    protected void Kill()
    {
        // A kill of oneself throws at once, which is nothing for the callback of a token
        if (Greenlet.Current == _greenlet)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static call => call.KillNow(), this, preferLocal: false);
        }
        else
        {
            KillNow();
        }
    }

    private Task Begin()
    {
        if (Interlocked.CompareExchange(ref _state, Begun, Waiting) != Waiting)
            return Task.CompletedTask;
        NoteBegun(_target!);
        var greenlet = Greenlet.Current!;
        WatchToken(greenlet);
        if (_token.IsCancellationRequested)
            greenlet.Kill();
        policy.Scopes.Begin(greenlet, name);
        return RunBody(greenlet);
    }

    // By whoever comes first: the greenlet as it begins, which in place is before its spawn returns, or the spawner, as it may wait for its turn
    private void WatchToken(Greenlet greenlet)
    {
        if (Interlocked.Exchange(ref _isWatched, 1) != 0)
            return;
        _greenlet = greenlet;
        if (_token.CanBeCanceled)
        {
            _registration = _token.UnsafeRegister(static call => ((HostedCall)call!).Kill(), this);
        }

        _killing = policy.Killing.UnsafeRegister(static call => ((HostedCall)call!).WatchEnd(), this);
    }

    private async Task EndAsync(HubTarget target, Greenlet greenlet)
    {
        try
        {
            await (policy.CompletesAtOnce ? target.Bridge.AsTask(greenlet, _immediate, _token) : target.Bridge.AsTask(greenlet, _afterExit, CancellationToken.None));

            // Refused in the very moment of its begin: it ended by itself, before the kill
            if (IsRefused)
                await AnswerAsync(target);
        }
        catch (Exception exception) when (Handles(exception))
        {
            await AnswerAsync(target);
        }
        catch (OperationCanceledException) when (greenlet.Status is GreenletStatus.Faulted or GreenletStatus.Killed)
        {
            // A cancelled Task has no room for the exception that the handler threw, or that says who killed it; the greenlet throws the same object again
            await greenlet;
        }
        finally
        {
            Finish();
        }
    }

    // Its hub is lost: should it not have begun, somebody else may take it
    private void Refuse()
    {
        if (Interlocked.CompareExchange(ref _state, Refused, Waiting) == Waiting)
        {
            _greenlet!.Kill();
        }
    }

    private void KillNow()
    {
        if (!_greenlet!.Kill())
        {
            WatchEnd();
        }
    }

    // Once it is killed: by a token, or by its hub, which stops
    private void WatchEnd()
    {
        if (_greenlet!.IsReady)
            return;
        var watch = new KillWatch(policy, _greenlet, name, Abort);
        if (Interlocked.CompareExchange(ref _watch, watch, null) is null)
        {
            watch.Start();
        }
    }

    private void Finish()
    {
        _registration.Unregister();
        _lost.Unregister();
        _killing.Unregister();
        (Interlocked.Exchange(ref _watch, _over) as KillWatch)?.End();
    }
}
