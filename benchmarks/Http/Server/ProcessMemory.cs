using System.Globalization;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>Resident memory of another process, from <c>/proc</c>.</summary>
internal static class ProcessMemory
{
    private const string Field = "VmRSS:";

    public static double MebibytesOf(int processId)
    {
        var line = File.ReadLines($"/proc/{processId}/status").First(static line => line.StartsWith(Field, StringComparison.Ordinal));
        return double.Parse(line[Field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
    }
}
