using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace GreenletBridge.Benchmarks.Compare;

/// <summary>gevent in a process of its own, told what to do line by line; idle meanwhile.</summary>
internal sealed class GeventPeer : IDisposable
{
    // Debian's python3-gevent belongs to Debian's interpreter, whatever else is called python3.
    private const string Python = "/usr/bin/python3";

    private readonly Process _process;

    private GeventPeer(Process process, string version)
    {
        _process = process;
        Version = version;
    }

    /// <summary>Such as "gevent 22.10.2 CPython 3.11.2".</summary>
    internal string Version { get; }

    /// <summary>Starts it; null where python3-gevent is not installed.</summary>
    internal static GeventPeer? TryStart()
    {
        if (!File.Exists(Python))
            return null;
        var start = new ProcessStartInfo(Python, [Path.Combine(Folder(), "..", "Peers", "gevent_peer.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        var ready = process.StandardOutput.ReadLine();
        if (ready?.StartsWith("ready ", StringComparison.Ordinal) == true)
            return new GeventPeer(process, ready["ready ".Length..]);
        process.Dispose();
        return null;
    }

    /// <summary>Does so many operations of a row of the script.</summary>
    internal async Task<long> RunAsync(string row, int count)
    {
        await _process.StandardInput.WriteLineAsync($"{row} {count}");
        await _process.StandardInput.FlushAsync();
        var answer = await _process.StandardOutput.ReadLineAsync();
        return answer == "done" ? count : throw new InvalidOperationException($"gevent failed in {row}: {answer ?? "it ended"}");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
