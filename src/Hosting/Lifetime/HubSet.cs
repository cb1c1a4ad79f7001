using Microsoft.Extensions.Options;

namespace GreenletBridge.Hosting;

/// <summary>The hubs of one container: the group that runs requests, and the named ones.</summary>
internal sealed class HubSet : IAsyncDisposable, IDisposable
{
    /// <summary>Name of the group; its hubs are <c>requests-0</c>, <c>requests-1</c>, and so on.</summary>
    public const string RequestsName = "requests";

    private readonly HubGroup _group;
    private readonly Dictionary<string, Hub> _named = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, HubTarget> _targets = new(StringComparer.OrdinalIgnoreCase);
    private readonly HostingHubListener _log;
    private readonly int _stackSize;
    private readonly Lock _stopLock = new();
    private readonly CancellationTokenSource _killing = new();
    private readonly CancellationTokenSource _leftBehind = new();
    private CarrierSettings _carriers;
    private Task? _stop;
    private volatile bool _isStopping;

    public HubSet(
        IOptions<GreenletBridgeOptions> options, HostingHubListener log, HubListeners listener, HubDirectory directory, TimeProvider? time = null)
    {
        var settings = options.Value;
        _log = log;
        _carriers = settings.Carriers;
        _stackSize = _carriers.StackSize;
        time ??= TimeProvider.System;
        var requests = settings.Requests;
        _group = new HubGroup(requests.Hubs ?? Environment.ProcessorCount, new HubOptions
        {
            Name = RequestsName,
            Loop = requests.Loop,
            BlockingPolicy = requests.BlockingPolicy,
            MaxBlockingTime = requests.MaxBlockingTime,
            KillGrace = requests.KillGrace,
            TimeProvider = time,
            Listener = listener,
            CapturesStacks = settings.Diagnostics.CaptureStacks,
        });
        Requests = new HubTarget(_group, RequestsName, new RequestLimit(requests.Concurrency, requests.QueueLimit));
        foreach (var (name, hub) in settings.Hubs)
        {
            Add(name, hub, settings, listener, time);
        }

        // Requests may still ask while the host is disposed
        (Killing, LeftBehind) = (_killing.Token, _leftBehind.Token);
        directory.Set(this);
    }

    /// <summary>Where requests run that name no hub.</summary>
    public HubTarget Requests { get; }

    /// <summary>The group, then the named hubs.</summary>
    public IEnumerable<HubTarget> Targets => _targets.Values.Prepend(Requests);

    /// <summary>Every hub, those of the group first.</summary>
    public IEnumerable<Hub> All => _group.Hubs.Concat(_named.Values);

    /// <summary>Hubs on which the wait hook was not called at start.</summary>
    public IReadOnlyList<string> Unhooked { get; set; } = [];

    /// <summary>Whether running work is being killed, or was: what a request then gets is 503.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>Cancelled when the time to drain is over: what runs is being killed.</summary>
    public CancellationToken Killing { get; }

    /// <summary>Cancelled when all hubs have stopped: what still runs has resisted its kill.</summary>
    public CancellationToken LeftBehind { get; }

    /// <summary>The hub of a name; the request hubs for <see langword="null"/>.</summary>
    /// <exception cref="InvalidOperationException">No hub has this name; the message lists the known ones.</exception>
    public HubTarget Target(string? name)
    {
        if (name is null)
            return Requests;
        if (_targets.TryGetValue(name, out var target))
            return target;

        var known = _named.Count == 0 ? "none" : string.Join(", ", _named.Keys);
        throw new InvalidOperationException(
            $"There is no hub named '{name}'; known hubs: {known}. Add it with AddGreenletBridge(options => options.AddHub(\"{name}\")) "
            + $"or in configuration under {GreenletBridgeOptions.SectionName}:Hubs:{name}.");
    }

    public void Start()
    {
        if (!IsDefault(_carriers))
        {
            Configure(_carriers, _stackSize);
        }

        _group.Start();
        foreach (var hub in _named.Values)
        {
            hub.Start();
        }
    }

    /// <summary>Takes no more work, waits for what runs, then kills it. The first call decides the time.</summary>
    public Task StopAsync(TimeSpan drainTimeout)
    {
        lock (_stopLock)
        {
            // First: what is killed asks for it before StopAllAsync has returned its task
            _isStopping = true;
            _stop ??= StopAllAsync(drainTimeout);
        }

        // What has not begun never will
        foreach (var target in Targets)
        {
            target.Health.Set(isLost: true, forGood: true);
        }

        return _stop;
    }

    /// <summary>Puts changed limits in force.</summary>
    public void Change(GreenletBridgeOptions options)
    {
        var requests = options.Requests;
        Change(Requests, requests.MaxBlockingTime, requests.Concurrency, requests.QueueLimit);
        foreach (var (name, target) in _targets)
        {
            if (options.Hubs.TryGetValue(name, out var hub))
            {
                Change(target, hub.MaxBlockingTime, hub.Concurrency, hub.QueueLimit);
            }
        }

        foreach (var hub in All)
        {
            hub.KillGrace = requests.KillGrace;
            hub.CapturesStacks = options.Diagnostics.CaptureStacks;
        }

        var carriers = options.Carriers;
        if (carriers.Max != _carriers.Max || carriers.HardMax != _carriers.HardMax || carriers.IdleTimeout != _carriers.IdleTimeout)
        {
            Configure(carriers, _stackSize);
            _carriers = carriers;
        }
    }

    private static void Change(HubTarget target, TimeSpan maxBlockingTime, int? concurrency, int? queueLimit)
    {
        foreach (var hub in target.Hubs)
        {
            hub.MaxBlockingTime = maxBlockingTime;
        }

        if (target.Limit.Concurrency != concurrency || target.Limit.QueueLimit != queueLimit)
        {
            target.Limit.Change(concurrency, queueLimit);
        }
    }

    private static void Configure(CarrierSettings carriers, int stackSize) => CarrierPool.Shared.Configure(new CarrierOptions
    {
        Max = carriers.Max,
        HardMax = carriers.HardMax,
        StackSize = stackSize,
        IdleTimeout = carriers.IdleTimeout,
    });

    public void Dispose()
    {
        _group.Dispose();
        foreach (var hub in _named.Values)
        {
            hub.Dispose();
        }

        DisposeRest();
    }

    public async ValueTask DisposeAsync()
    {
        await _group.DisposeAsync();
        foreach (var hub in _named.Values)
        {
            await hub.DisposeAsync();
        }

        DisposeRest();
    }

    private void DisposeRest()
    {
        foreach (var target in Targets)
        {
            target.Dispose();
        }

        _killing.Dispose();
        _leftBehind.Dispose();

        _log.Flush();
    }

    private static bool IsDefault(CarrierSettings carriers)
    {
        var defaults = new CarrierSettings();
        return carriers.Max == defaults.Max && carriers.HardMax == defaults.HardMax
            && carriers.StackSize == defaults.StackSize && carriers.IdleTimeout == defaults.IdleTimeout;
    }

    private void Add(string name, HubSettings settings, GreenletBridgeOptions options, HubListener listener, TimeProvider time)
    {
        var hub = new Hub(new HubOptions
        {
            Name = name,
            Exclusive = settings.Exclusive,
            StrictExclusive = settings.StrictExclusive,
            Loop = settings.Loop,
            BlockingPolicy = settings.BlockingPolicy,
            MaxBlockingTime = settings.MaxBlockingTime,
            KillGrace = options.Requests.KillGrace,
            TimeProvider = time,
            Listener = listener,
            CapturesStacks = options.Diagnostics.CaptureStacks,
        });
        _named.Add(name, hub);
        _targets.Add(name, new HubTarget(hub, new RequestLimit(settings.Concurrency, settings.QueueLimit)));
    }

    private async Task StopAllAsync(TimeSpan drainTimeout)
    {
        var stopped = Task.WhenAll(_named.Values.Select(hub => hub.StopAsync(drainTimeout)).Append(_group.StopAsync(drainTimeout, CancellationToken.None)));
        _killing.CancelAfter(drainTimeout);
        await stopped;
        _killing.CancelAfter(Timeout.InfiniteTimeSpan);
        await _leftBehind.CancelAsync();
        _log.Flush();
    }
}
