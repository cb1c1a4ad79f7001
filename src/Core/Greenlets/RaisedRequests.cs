namespace GreenletBridge;

/// <summary>What is to be thrown in a greenlet besides its kill, in the order in which it was raised; any thread may use it.</summary>
internal sealed class RaisedRequests
{
    private readonly List<KillRequest> _all = [];
    private KillRequest? _lastThrown;
    private TinyLock _lock;

    internal bool IsEmpty => _all.Count == 0;

    internal void Add(KillRequest request)
    {
        _lock.Enter();
        // Withdrawn already, by somebody who was faster than the one who raises it.
        if (!request.IsDelivered)
            _all.Add(request);
        _lock.Exit();
    }

    internal void Remove(KillRequest request)
    {
        _lock.Enter();
        if (_all.Remove(request) && request.IsDelivered)
            _lastThrown = request;
        _lock.Exit();
    }

    /// <summary>It was thrown: kept in mind, because it may be what the greenlet ends with.</summary>
    internal void NoteThrown(KillRequest request)
    {
        _lock.Enter();
        if (_all.Remove(request))
            _lastThrown = request;
        _lock.Exit();
    }

    /// <summary>The first that may be thrown out of that wait; without one, out of the user code that runs on that thread.</summary>
    internal KillRequest? FirstFor(IKillableWait? wait, Runner? runner)
    {
        KillRequest? found = null;
        _lock.Enter();
        foreach (var request in _all)
        {
            if (request.IsDelivered || !request.Concerns(wait, runner))
                continue;
            found = request;
            break;
        }

        _lock.Exit();
        return found;
    }

    internal void ForgetInterrupt(Runner runner, long period)
    {
        _lock.Enter();
        foreach (var request in _all)
            request.ForgetInterrupt(runner, period);
        _lock.Exit();
    }

    /// <summary>Which of those that were thrown <paramref name="error"/> is; null when it is none.</summary>
    internal KillRequest? Explaining(Exception error)
    {
        _lock.Enter();
        KillRequest?[] thrown = [.. _all.Where(static request => request.IsDelivered), _lastThrown];
        _lock.Exit();
        return Array.Find(thrown, request => request?.Explaining(error, told: null) is not null);
    }
}
