using System.Globalization;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>Processor time of another process, from <c>/proc</c>, in steps of the kernel's clock tick (10 ms).</summary>
internal static class ProcessCpu
{
    private const double TicksPerSecond = 100;

    /// <summary>User and kernel time so far.</summary>
    public static TimeSpan Of(int processId) => Parse(File.ReadAllText($"/proc/{processId}/stat"));

    /// <summary>User and kernel time in the text of a <c>stat</c> file.</summary>
    public static TimeSpan Parse(string stat)
    {
        // The name, second field, may contain blanks and brackets; utime and stime are fields 14 and 15.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond);
    }
}
