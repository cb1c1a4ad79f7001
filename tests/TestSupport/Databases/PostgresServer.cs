using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GreenletBridge.TestSupport;

/// <summary>A PostgreSQL server of the test's own, from Debian's package: in a temporary folder, on a free port, gone with the test process.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const int MaxConnections = 150;
    private const int Attempts = 3;

    // PostgreSQL refuses to run as root
    private const string AccountForRoot = "postgres";

    // Ends the server when its input ends, which it does with the test process, however that ends
    private const string StopWithInput = "\"$@\" </dev/null & cat >/dev/null; kill -INT $! 2>/dev/null; wait $!";

    private readonly string _folder;
    private readonly Process _process;
    private readonly StringBuilder _log;

    private PostgresServer(string folder, Process process, StringBuilder log, int port)
    {
        _folder = folder;
        _process = process;
        _log = log;
        ConnectionString = $"Host=127.0.0.1;Port={port.ToString(CultureInfo.InvariantCulture)};Username=postgres;Database=postgres";
    }

    /// <summary>Why there can be no server here; null when there can.</summary>
    public static string? Missing { get; } = Programs is null ? "PostgreSQL is not installed (Debian: apt-get install postgresql)" : null;

    /// <summary>For Npgsql: user postgres, trusted, <c>max_connections=150</c>.</summary>
    public string ConnectionString { get; }

    private static string? Programs => new[] { "/usr/lib/postgresql", "/usr/local/pgsql" }
        .Where(Directory.Exists)
        .SelectMany(root => Directory.GetDirectories(root, "bin", SearchOption.AllDirectories))
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        .Where(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")))
        .OrderDescending(StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>Makes a database and starts its server.</summary>
    /// <exception cref="InvalidOperationException">It did not start; the message has what it wrote. Or there is none: see <see cref="Missing"/>.</exception>
    public static async Task<PostgresServer> StartAsync()
    {
        var programs = Programs ?? throw new InvalidOperationException(Missing);
        var folder = Directory.CreateTempSubdirectory("postgres").FullName;
        if (Environment.IsPrivilegedProcess)
            await RunAsync("chown", AccountForRoot, folder);
        var data = Path.Combine(folder, "data");
        await RunAsync([.. AsAccount(), Path.Combine(programs, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        for (var attempt = 1; ; attempt++)
        {
            // Somebody else may take the port before the server does
            var port = FreePort();
            var log = new StringBuilder();
            var process = Start(
                log,
                [
                    .. AsAccount(), "sh", "-c", StopWithInput, "sh", Path.Combine(programs, "postgres"), "-D", data, "-k", folder,
                    "-c", "listen_addresses=127.0.0.1", "-c", $"port={port}", "-c", $"max_connections={MaxConnections}",
                    "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "shared_buffers=32MB",
                ]);
            await Deadline.Until(() => HasStarted(log) || HasFailed(log), "PostgreSQL to start", () => Text(log));
            if (HasStarted(log))
                return new PostgresServer(folder, process, log, port);
            process.StandardInput.Close();
            await Deadline.For(process.WaitForExitAsync(), "PostgreSQL to end", () => Text(log));
            process.Dispose();
            if (attempt == Attempts)
                throw new InvalidOperationException($"PostgreSQL did not start:{Environment.NewLine}{Text(log)}");
        }
    }

    /// <summary>Stops the server and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await Deadline.For(_process.WaitForExitAsync(), "PostgreSQL to stop", () => Text(_log));
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string[] AsAccount() =>
        Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={AccountForRoot}", $"--regid={AccountForRoot}", "--init-groups"] : [];

    private static bool HasStarted(StringBuilder log) => Text(log).Contains("ready to accept connections", StringComparison.Ordinal);

    private static bool HasFailed(StringBuilder log) => Text(log).Contains("FATAL", StringComparison.Ordinal);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task RunAsync(params string[] command)
    {
        var log = new StringBuilder();
        using var process = Start(log, command);
        await Deadline.For(process.WaitForExitAsync(), $"the end of {command[0]}", () => Text(log), TimeSpan.FromMinutes(1));
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}:{Environment.NewLine}{Text(log)}");
    }

    private static Process Start(StringBuilder log, string[] command)
    {
        var info = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        try
        {
            var process = Process.Start(info)!;
            process.OutputDataReceived += (_, line) => Append(log, line.Data);
            process.ErrorDataReceived += (_, line) => Append(log, line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            return process;
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException($"{command[0]} cannot be started: {exception.Message}", exception);
        }
    }

    private static void Append(StringBuilder log, string? line)
    {
        lock (log)
            log.AppendLine(line);
    }

    private static string Text(StringBuilder log)
    {
        lock (log)
            return log.ToString();
    }
}
