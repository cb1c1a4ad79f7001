namespace GreenletBridge.Drivers.Tests.Support;

/// <summary>A hub as the request hubs are: it hands off. With carriers of its own, all of which must be back at the end.</summary>
internal sealed class DriverHub : IAsyncDisposable
{
    private readonly CarrierPool _carriers = new(new CarrierOptions { IdleTimeout = TimeSpan.FromMilliseconds(500) });

    public DriverHub(Action<HubOptions>? configure = null)
    {
        var options = new HubOptions { Name = "drivers", Carriers = _carriers };
        configure?.Invoke(options);
        Hub = new Hub(options);
        Hub.Start();
    }

    public Hub Hub { get; }

    public Greenlet Spawn(Action body) => Hub.Spawn(body);

    public Greenlet Spawn(Func<Task> body) => Hub.Spawn(body);

    public Greenlet<T> Spawn<T>(Func<T> body) => Hub.Spawn(body);

    /// <summary>Runs a body to its end and gives its value, or throws what it threw.</summary>
    public async Task<T> Run<T>(Func<T> body, TimeSpan? within = null) => await Deadline.For(Hub.Bridge.AsTask(Spawn(body)), "the greenlet's end", Snapshot, within);

    /// <inheritdoc cref="Run{T}(Func{T}, TimeSpan?)"/>
    public async Task Run(Action body, TimeSpan? within = null) => await Deadline.For(Hub.Bridge.AsTask(Spawn(body)), "the greenlet's end", Snapshot, within);

    public Task Until(Func<bool> condition, string what) => Deadline.Until(condition, what, Snapshot);

    public Task Waits(Greenlet greenlet) => Until(() => greenlet.Status == GreenletStatus.Waiting, $"{greenlet} to wait");

    public Task Ends(Greenlet greenlet) => Until(() => greenlet.IsReady, $"the end of {greenlet}");

    public string Snapshot() => Hub.Snapshot().ToString();

    public async ValueTask DisposeAsync()
    {
        await Deadline.For(Hub.StopAsync(TimeSpan.Zero), "the hub's stop", Snapshot);
        await Deadline.Until(() => _carriers.Busy == 0, "every carrier to be given back", () => $"{_carriers.Busy} busy of {_carriers.Count}; {Snapshot()}");
        Assert.Equal(0, Hub.Snapshot().Active);
    }
}
