namespace GreenletBridge.Hosting;

/// <summary>One piece of a host's work that runs in a greenlet of its own and is over when that has ended: a request, a hub method.</summary>
/// <remarks>One object with methods in place of closures: that is what a request costs beside its greenlet.</remarks>
internal abstract class HostedCall(CallPolicy policy, string name, CancellationToken token)
{
    private static readonly GreenletToTaskOptions _immediate = new() { Completion = GreenletCompletion.Immediate };
    private static readonly GreenletToTaskOptions _afterExit = new() { Completion = GreenletCompletion.AfterExit };

    // In place of a watch: the call is over
    private static readonly object _over = new();

    private readonly CancellationToken _token = policy.KillOnDisconnect ? token : CancellationToken.None;
    private CancellationTokenRegistration _registration;
    private Greenlet? _greenlet;
    private object? _watch;
    private int _isWatched;

    /// <summary>Whether the host stops and has begun to kill what still runs.</summary>
    protected bool IsStopping => policy.IsStopping;

    /// <summary>Runs it in a new greenlet.</summary>
    /// <returns>Ends when the greenlet has ended, with its exception.</returns>
    public Task RunAsync(HubTarget target, WorkProfile profile)
    {
        var greenlet = target.Spawn(Begin, profile);
        WatchToken(greenlet);
        if (!greenlet.IsSuccessful)
            return EndAsync(target, greenlet);

        Finish();
        return Task.CompletedTask;
    }

    /// <summary>The work, in the greenlet.</summary>
    protected abstract Task RunBody(Greenlet greenlet);

    /// <summary>Whether a failure has been dealt with: the call is then over without an exception.</summary>
    protected virtual bool Handles(Exception exception) => false;

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
        var greenlet = Greenlet.Current!;
        WatchToken(greenlet);
        if (_token.IsCancellationRequested)
            greenlet.Kill();
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
    }

    private async Task EndAsync(HubTarget target, Greenlet greenlet)
    {
        try
        {
            await target.Bridge.AsTask(greenlet, policy.CompletesAtOnce ? _immediate : _afterExit, policy.CompletesAtOnce ? _token : CancellationToken.None);
        }
        catch (Exception exception) when (Handles(exception))
        {
            // The answer says it.
        }
        catch (OperationCanceledException) when (greenlet.Status == GreenletStatus.Faulted)
        {
            // A cancelled Task has no room for the exception that the handler threw; the greenlet throws the same object again
            await greenlet;
        }
        finally
        {
            Finish();
        }
    }

    private void KillNow()
    {
        if (_greenlet!.Kill())
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
        (Interlocked.Exchange(ref _watch, _over) as KillWatch)?.End();
    }
}
