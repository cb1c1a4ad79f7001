using System.Globalization;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>How many files and sockets a process may have open.</summary>
internal static class OpenFiles
{
    private const string Row = "Max open files";

    /// <summary>Of this process, and of those that it starts. The runtime has raised it as far as it may.</summary>
    public static long Limit
    {
        get
        {
            var soft = File.ReadLines("/proc/self/limits").First(static line => line.StartsWith(Row, StringComparison.Ordinal))[Row.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
            return long.TryParse(soft, CultureInfo.InvariantCulture, out var limit) ? limit : long.MaxValue;
        }
    }
}
