using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>The load generator wrk: another process, which does not measure itself.</summary>
internal static class Wrk
{
    /// <summary>What to say where it is not installed.</summary>
    public const string Missing = "wrk is not on the PATH (Debian package wrk); a loader in this process would measure itself.";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <summary>Whether it is installed.</summary>
    public static bool IsThere { get; } = Runs();

    /// <summary>Loads a server.</summary>
    /// <exception cref="BenchmarkException">It did not end.</exception>
    public static WrkResult Load(SampleServer server, int connections, string path, TimeSpan duration)
    {
        var seconds = (int)duration.TotalSeconds;
        using var wrk = Process.Start(new ProcessStartInfo("wrk")
        {
            ArgumentList =
            {
                "-t2", string.Create(CultureInfo.InvariantCulture, $"-c{connections}"), string.Create(CultureInfo.InvariantCulture, $"-d{seconds}s"),
                "--latency", $"http://{server.EndPoint}{path}",
            },
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var output = wrk.StandardOutput.ReadToEndAsync();
        if (!wrk.WaitForExit(duration + _patience))
        {
            wrk.Kill();
            throw new BenchmarkException($"wrk did not end within {(duration + _patience).TotalSeconds} s on {path}.");
        }

        return WrkResult.Parse(output.GetAwaiter().GetResult());
    }

    private static bool Runs()
    {
        try
        {
            using var wrk = Process.Start(new ProcessStartInfo("wrk") { ArgumentList = { "-v" }, RedirectStandardOutput = true, RedirectStandardError = true })!;
            return wrk.WaitForExit(_patience);
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
