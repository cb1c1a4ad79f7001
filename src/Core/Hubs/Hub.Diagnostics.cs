namespace GreenletBridge;

/// <content>Looking at it, and telling its listener.</content>
public sealed partial class Hub
{
    private static readonly HubSnapshotOptions _snapshotDefaults = new();

    private bool _capturesStacks;

    /// <summary>Whether its greenlets take their own stack whenever they are spawned or begin to wait, for snapshots. May be set at any time.</summary>
    /// <remarks>No thread can read another one's stack in .NET, so this is how a snapshot gets to know where greenlets wait. Each stack costs some ten microseconds.</remarks>
    public bool CapturesStacks
    {
        get => Volatile.Read(ref _capturesStacks);
        set => Volatile.Write(ref _capturesStacks, value);
    }

    /// <summary>The hub as it is now; works while the hub is stuck, too.</summary>
    /// <param name="options">What to look at; null: everything but stacks.</param>
    public HubSnapshot Snapshot(HubSnapshotOptions? options = null)
    {
        options ??= _snapshotDefaults;
        var busyFor = Dispatcher.BusyFor;
        var current = Dispatcher.IsBusy && CurrentGreenlet is { Status: GreenletStatus.Running } running ? running : null;
        var live = options.Greenlets ? Listed(current) : [];
        return new HubSnapshot
        {
            Name = Name,
            IsRunning = IsRunning,
            Loop = Loop,
            Exclusive = Options.IsExclusive,
            BlockingPolicy = Options.EffectivePolicy,
            Queued = Dispatcher.Queued,
            Active = Volatile.Read(ref _active),
            Waiting = options.Greenlets ? live.Count(static g => g.Status == GreenletStatus.Waiting) : _registry.CountWaiting(),
            Current = current?.Id,
            BusyFor = busyFor,
            BusyTime = Dispatcher.BusyTime,
            Age = Dispatcher.Age,
            Load = Dispatcher.Load,
            Carriers = Carriers.Count,
            BusyCarriers = Carriers.Busy,
            KnownBlockers = KnownBlocker.Of(BlockingHistory),
            Greenlets = Array.ConvertAll(live, greenlet => greenlet.Snapshot(options.Stacks)),
        };
    }

    /// <summary>The greenlet with this number if it has begun and not ended and a snapshot would list it; else null.</summary>
    /// <param name="id">What <see cref="GreenletSnapshot.Id"/> said.</param>
    public Greenlet? Find(long id)
    {
        if (CurrentGreenlet is { IsReady: false } current && current.Id == id)
            return current;
        return Array.Find(_registry.ToArray(), greenlet => greenlet.Id == id);
    }

    /// <summary>Whether the listener asks for events of this kind.</summary>
    internal bool Reports(HubEvents events) => Options.Listener is { } listener && (WantedBy(listener) & events) != 0;

    internal void Notify<T>(T state, Action<HubListener, T> callback)
    {
        if (Options.Listener is not { } listener)
            return;
        // A lock in the callback must block its thread and nothing else: the hook would let other greenlets run in the middle of the engine,
        // and a kill would be thrown into the callback, whose exceptions go nowhere.
        var context = System.Threading.SynchronizationContext.Current;
        if (context is not null)
            System.Threading.SynchronizationContext.SetSynchronizationContext(null);
        var runner = Runner.Current is { IsInUserCode: true } current ? current : null;
        var owner = runner is null ? null : WaitOwner.Current;
        if (owner is not null && runner!.LeaveUserCode())
            owner.NoteInterruptMissed(runner);
        HubCallback.Run("listener", (listener, state, callback), static s => s.callback(s.listener, s.state));
        owner?.EnterUserCode(runner!);
        if (context is not null)
            System.Threading.SynchronizationContext.SetSynchronizationContext(context);
    }

    private static HubEvents WantedBy(HubListener listener)
    {
        try
        {
            return listener.Wanted;
        }
        catch (Exception)
        {
            // It is asked in the middle of the engine, where nobody could do anything about it.
            return HubEvents.None;
        }
    }

    private Greenlet[] Listed(Greenlet? current)
    {
        var live = _registry.ToArray();
        if (current is not null && Array.IndexOf(live, current) < 0)
            live = [.. live, current];
        // Numbers are given on first use: in the order in which the greenlets began, if this is it.
        Array.Sort(live, static (a, b) => a.BegunAt.CompareTo(b.BegunAt) is not 0 and var order ? order : a.Id.CompareTo(b.Id));
        return live;
    }
}
