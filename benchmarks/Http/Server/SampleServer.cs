using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>A running samples/WebApi, a child process on a free loopback port; disposing ends it, by its id.</summary>
internal sealed class SampleServer : IDisposable
{
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(60);
    private static int _started;

    private readonly Process _process;
    private readonly EventHandler _onExit;

    private SampleServer(Process process, IPEndPoint endPoint)
    {
        _process = process;
        EndPoint = endPoint;

        // An interrupted benchmark must not leave its server behind.
        _onExit = (_, _) => End();
        AppDomain.CurrentDomain.ProcessExit += _onExit;
    }

    /// <summary>Variables of the load client that its server must not inherit.</summary>
    public static IReadOnlyDictionary<string, string> ClientOnlyVariables { get; } = new Dictionary<string, string>
    {
        ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
        ["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = "1",
    };

    /// <summary>The folder that holds Hosting.sln.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The Release build of the sample in this clone.</summary>
    public static string DefaultAssembly => Path.Combine(RepositoryRoot, "artifacts", "bin", "WebApi", "release", "WebApi.dll");

    public IPEndPoint EndPoint { get; }

    public int ProcessId => _process.Id;

    /// <summary>Starts a server and waits until /health answers.</summary>
    /// <exception cref="BenchmarkException">It did not start or answer; the message shows the end of its output.</exception>
    public static SampleServer Start(BenchmarkOptions options)
    {
        if (!File.Exists(options.Server))
        {
            throw new BenchmarkException($"{options.Server} is missing: build samples/WebApi with -c Release.");
        }

        Directory.CreateDirectory(options.Output);
        var log = Path.Combine(options.Output, string.Create(CultureInfo.InvariantCulture, $"server-{++_started}.log"));
        var endPoint = new IPEndPoint(IPAddress.Loopback, FreePort());

        // The shell only directs the output into a file, where reading it costs the client nothing, and becomes the server.
        var start = new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", "exec \"$@\" > \"$GREENLET_BENCHMARK_LOG\" 2>&1", "sh", "dotnet", options.Server },
            WorkingDirectory = Path.Combine(RepositoryRoot, "samples", "WebApi"),
            UseShellExecute = false,
        };
        start.Environment["GREENLET_BENCHMARK_LOG"] = log;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["ASPNETCORE_URLS"] = $"http://{endPoint}";
        foreach (var name in ClientOnlyVariables.Keys)
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in options.ServerVariables)
        {
            start.Environment[name] = value;
        }

        var server = new SampleServer(Process.Start(start)!, endPoint);
        try
        {
            server.AwaitHealth(log);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= _onExit;
        End();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Hosting.sln")))
            {
                return folder.FullName;
            }
        }

        throw new BenchmarkException("Run the benchmark from a clone: no folder above it holds Hosting.sln.");
    }

    private void AwaitHealth(string log)
    {
        var started = Stopwatch.GetTimestamp();
        var status = 0;
        while (Stopwatch.GetElapsedTime(started) < _startLimit && !_process.HasExited && status == 0)
        {
            try
            {
                using var probe = new ProbeConnection(EndPoint, "/health");
                status = probe.Ask();
            }
            catch (SocketException)
            {
                // Not listening yet.
                Thread.Sleep(100);
            }
        }

        if (status == 200)
        {
            return;
        }

        var said = status == 0 ? $"did not answer within {_startLimit.TotalSeconds} s" : string.Create(CultureInfo.InvariantCulture, $"answered /health with {status}");
        var end = File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(10)) : "";
        throw new BenchmarkException($"The server {said}:\n{end}");
    }

    private void End()
    {
        try
        {
            if (!_process.HasExited)
            {
                _process.Kill();
                _process.WaitForExit(TimeSpan.FromSeconds(10));
            }
        }
        catch (InvalidOperationException)
        {
            // Ended by itself.
        }
    }
}
