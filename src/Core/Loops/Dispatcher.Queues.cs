using System.Diagnostics.CodeAnalysis;

namespace GreenletBridge;

/// <content>Which item is next. The baton's holder only.</content>
internal sealed partial class Dispatcher
{
    private WorkItem? Next(Runner? self, bool hasThreads = true)
    {
        while (true)
        {
            if (_tick != 0 || (_timers.Count > 0 && ++_sinceTimers >= TimersEvery))
                FireTimers();
            if (!_inbox.IsEmpty)
                DrainInbox();
            while (_returns.TryDequeue(out var returned))
            {
                if (returned.TryClaim())
                    return returned;
            }

            if ((hasThreads ? NextReady(self) : NextTargeted()) is { } item)
                return item;
            if (_timers.Count > 0)
                FireTimers();
            // One at a time: what it makes ready comes before the next one.
            if (_inbox.IsEmpty)
                return _idle.TryDequeue(out var idle) ? idle : null;
        }
    }

    private WorkItem? NextReady(Runner? self)
    {
        WorkItem? item;
        var mayBegin = MayBegin;
        while (_stranded.TryDequeue(out item))
        {
            if (mayBegin || !item.Begins)
                return item;
            _postponed.Enqueue(item);
        }

        if (mayBegin && !_held.IsEmpty && Admits(self) && _held.TryDequeue(out item))
            return item;
        if (mayBegin && Shared is { IsEmpty: false } shared && (_ready.IsEmpty || ++_sinceShared >= SharedEvery) && shared.TryDequeue(Admits(self), out item))
        {
            _sinceShared = 0;
            return item;
        }

        while ((mayBegin && _postponed.TryDequeue(out item)) || TryDequeueReady(out item))
        {
            if (item.Begins && !mayBegin)
                _postponed.Enqueue(item);
            else if (!item.NeedsAdmission || (_held.IsEmpty && Admits(self)))
                return item;
            else
                _held.Enqueue(item);
        }

        return null;
    }

    private bool TryDequeueReady([NotNullWhen(true)] out WorkItem? item)
    {
        if (_order is null || _ready.IsEmpty)
            return _ready.TryDequeue(out item);
        item = _ready.RemoveAt(_order.Choose(_ready.Count));
        return true;
    }

    /// <summary>Without a free carrier only those can go on that have a thread, or need no carrier.</summary>
    private WorkItem? NextTargeted()
    {
        while (_ready.TryDequeue(out var item))
        {
            if (item.Kind == WorkKind.Turn || item.Target is not null || (_loop.LendsThreads && item is { RunsOnScheduler: true, NeedsAdmission: false }))
                return item;
            (item.NeedsAdmission ? ref _held : ref _stranded).Enqueue(item);
        }

        return null;
    }

    private bool Admits(Runner? self) => _pool.Admits(hasCarrier: self is { IsIdle: true, IsCarrier: true } || _loop.IdleWatcher is not null);

    private void DrainInbox()
    {
        var item = _inbox.TakeAll();
        while (item is not null)
        {
            var next = item.Next;
            switch (item.Kind)
            {
                case WorkKind.Return:
                    _returns.Enqueue(item);
                    break;
                case WorkKind.Timer:
                    item.Next = null;
                    _timers.Add((TimerEntry)item);
                    break;
                case WorkKind.Idle:
                    _idle.Enqueue(item);
                    break;
                default:
                    _ready.Enqueue(item);
                    break;
            }

            item = next;
        }
    }

    /// <summary>The baton's holder.</summary>
    internal void ForgetTimers() => _timers.Clear();

    /// <summary>The baton's holder, when the hub ends what has not begun: what is held back would wait for a carrier only to be killed.</summary>
    internal void DropUnbegun()
    {
        Drop(ref _held);
        Drop(ref _postponed);
        Drop(ref _stranded);
        var shared = Shared;
        while (shared is not null && shared.TryDequeue(admits: true, out var item))
        {
            if (!item.TryDrop())
                _ready.Enqueue(item);
        }
    }

    private static void Drop(ref WorkQueue queue)
    {
        for (var left = queue.Count; left > 0; left--)
        {
            if (queue.TryDequeue(out var item) && !item.TryDrop())
                queue.Enqueue(item);
        }
    }

    private void FireTimers()
    {
        // A full fence: the clock must not be read before a tick that comes now can be seen.
        Interlocked.Exchange(ref _tick, 0);
        _sinceTimers = 0;
        if (_timers.Count > 0)
            _timers.FireDue(Clock.Now);
    }
}
