using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting.FunctionalTests.Requests;

/// <summary>A server, and clients that send requests which end in different ways, 48 at a time, half over each protocol.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private const int AtOnce = 48;

    // Each hub keeps one: of every processor, and of the named one
    private static readonly int _reserve = Environment.ProcessorCount + 1;

    private readonly ConcurrentDictionary<int, TaskCompletionSource> _begun = new();
    private readonly ConcurrentDictionary<Hub, bool> _hubs = new();
    private readonly MeterListener _meters = new();
    private TestApp _app = null!;
    private long _connections;
    private int _lastId;

    private Crowd()
    {
        _meters.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "kestrel.active_connections")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((_, change, _, _) => Interlocked.Add(ref _connections, change));
        _meters.Start();
    }

    public ScopeCount Scopes { get; } = new();

    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>Greenlets that have begun and not ended, on the hubs that ran a request.</summary>
    public int Greenlets => _hubs.Keys.Sum(static hub => hub.Snapshot().Active);

    public IEnumerable<LogEntry> Resisting => _app.Logs.Named("ResistsKill");

    public static async Task<Crowd> StartAsync(HubLoop loop)
    {
        var crowd = new Crowd();
        crowd._app = await TestApp.StartAsync(
            app =>
            {
                app.UseRequestTimeouts();
                app.MapGet("/finish/{id:int}", (int id, CountedScope _) =>
                {
                    crowd._hubs.TryAdd(Greenlet.Current!.Hub!, true);
#pragma warning disable RS0030 // What the handler blocks in
                    Task.Delay(id % 5).Wait();
#pragma warning restore RS0030
                    return id;
                }).RunInGreenlet();
                app.MapGet("/leave/{id:int}", void (int id, CountedScope _) => crowd.WaitForEver(id)).RunInGreenlet();
                app.MapGet("/timeout/{id:int}", void (int id, CountedScope _) => crowd.WaitForEver(id)).RunInGreenlet().WithRequestTimeout(TimeSpan.FromMilliseconds(30));
            },
            builder =>
            {
                builder.Services.AddRequestTimeouts().AddSingleton(crowd.Scopes).AddScoped<CountedScope>();
                builder.Logging.AddFilter("Microsoft", LogLevel.None).AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
            },
            ("GreenletBridge:Requests:Loop", loop.ToString()),
            // Idle carriers end soon, so that their threads can be counted
            ("GreenletBridge:Carriers:IdleTimeout", "00:00:01"),
            ("GreenletBridge:Requests:KillTimeout", "00:00:30"));
        return crowd;
    }

    public async Task<Ends> SendAsync(int count, Random random)
    {
        using var first = NewClient(_app.Client);
        using var second = NewClient(_app.Http2);
        var kinds = Enumerable.Range(0, count).Select(_ => random.Next(6)).ToArray();
        var ends = new int[3];
        await Deadline.For(
            Parallel.ForEachAsync(kinds, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (kind, _) =>
            {
                var end = await SendAsync(kind % 2 == 0 ? first : second, kind / 2, leaveAtOnce: kind % 3 == 0);
                Interlocked.Increment(ref ends[end]);
            }),
            $"{count} requests",
            _app.Logs.ToString,
            within: TimeSpan.FromMinutes(10));
        return new Ends(ends[0], ends[1], ends[2]);
    }

    /// <summary>Waits until the server has seen the last end.</summary>
    public Task SettleAsync() => Deadline.Until(
        () => Connections == 0 && Scopes.Open == 0 && CarrierPool.Shared.Count <= _reserve, "the end of the last connection",
        () => $"{Connections} connections, {Scopes.Open} scopes, {CarrierPool.Shared.Count} carriers\n{_app.Logs}");

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _meters.Dispose();
    }

    private static HttpClient NewClient(HttpClient like) => new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = like.BaseAddress,
        DefaultRequestVersion = like.DefaultRequestVersion,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private void WaitForEver(int id)
    {
        _begun.GetValueOrDefault(id)?.TrySetResult();
        new TaskCompletionSource().Task.Wait();
    }

    private async Task<int> SendAsync(HttpClient client, int kind, bool leaveAtOnce)
    {
        var id = Interlocked.Increment(ref _lastId);
        if (kind == 0)
        {
            using var leave = new CancellationTokenSource();
            var begun = _begun[id] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var call = client.GetAsync($"/leave/{id}", leave.Token);
            if (!leaveAtOnce)
            {
                await Deadline.For(begun.Task, "a request's begin", _app.Logs.ToString);
            }

            await leave.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
            _begun.TryRemove(id, out _);
            return 0;
        }

        using var response = await client.GetAsync(kind == 1 ? $"/timeout/{id}" : $"/finish/{id}");
        var expected = kind == 1 ? HttpStatusCode.GatewayTimeout : HttpStatusCode.OK;
        Assert.True(response.StatusCode == expected, $"{id}: {response.StatusCode} in place of {expected}\n{_app.Logs}");
        return kind;
    }
}
