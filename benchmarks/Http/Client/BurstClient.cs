using System.Diagnostics;
using System.Net.Sockets;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>Open connections to one server that release one request each, all at once.</summary>
internal sealed class BurstClient : IDisposable
{
    private readonly SampleServer _server;
    private readonly BurstConnection[] _connections;

    public BurstClient(SampleServer server, int connections)
    {
        _server = server;
        _connections = new BurstConnection[connections];
        for (var i = 0; i < connections; i++)
        {
            _connections[i] = new BurstConnection(server.EndPoint);
        }
    }

    /// <summary>Releases one request on each connection and waits for all answers.</summary>
    /// <param name="path">What to ask for.</param>
    /// <param name="bound">How long to wait for answers.</param>
    /// <exception cref="BenchmarkException">The server takes no connections.</exception>
    public BurstResult Run(string path, TimeSpan bound)
    {
        var request = ProbeConnection.RequestFor(_server.EndPoint, path);

        // Not disposed: a late answer of a round that was given up may still look at it.
        var left = new CountdownEvent(_connections.Length);
        try
        {
            foreach (var connection in _connections)
            {
                connection.Prepare(left);
            }
        }
        catch (SocketException error)
        {
            throw new BenchmarkException($"The server takes no connection: {error.Message}");
        }

        // New connections reach the server's accept loop before the clock starts.
        Thread.Sleep(20);
        GC.Collect();
        var clientCpu = Environment.CpuUsage.TotalTime;
        var serverCpu = ProcessCpu.Of(_server.ProcessId);
        var started = Stopwatch.GetTimestamp();
        foreach (var connection in _connections)
        {
            connection.Send(request);
        }

        if (!left.Wait(bound))
        {
            foreach (var connection in _connections)
            {
                connection.GiveUp();
            }
        }

        return new BurstResult(
            _connections.Length,
            Stopwatch.GetElapsedTime(started, _connections.Max(connection => connection.EndedAt)).TotalMilliseconds,
            [.. _connections.Where(connection => connection.Status != 0).Select(Latency).Order()],
            _connections.Count(connection => connection.Status is not (0 or 200)),
            _connections.Count(connection => connection.Status == 0),
            (Environment.CpuUsage.TotalTime - clientCpu).TotalMilliseconds,
            (ProcessCpu.Of(_server.ProcessId) - serverCpu).TotalMilliseconds);
    }

    /// <summary>The bodies of the last burst's answers with status 200.</summary>
    public IReadOnlyList<string> ReadBodies() => [.. _connections.Where(connection => connection.Status == 200).Select(connection => connection.ReadBody())];

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }
    }

    private static double Latency(BurstConnection connection) => Stopwatch.GetElapsedTime(connection.SentAt, connection.EndedAt).TotalMilliseconds;
}
