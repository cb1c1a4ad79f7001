using System.Globalization;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>What the kernel counted for one thread.</summary>
/// <param name="Name">Its name, at most 15 characters.</param>
/// <param name="VoluntarySwitches">How often it gave up its processor by itself: each is a wake-up.</param>
/// <param name="Cpu">Its processor time; to the nanosecond where the kernel keeps <c>schedstat</c>, else to 10 ms.</param>
internal sealed record ThreadFigures(string Name, long VoluntarySwitches, TimeSpan Cpu)
{
    /// <summary>Reads the threads of a process, by thread id.</summary>
    public static IReadOnlyDictionary<int, ThreadFigures> Read(int processId)
    {
        var threads = new Dictionary<int, ThreadFigures>();
        foreach (var folder in Directory.EnumerateDirectories($"/proc/{processId}/task"))
        {
            try
            {
                threads[int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture)] = ReadOne(folder);
            }
            catch (IOException)
            {
                // Ended between the listing and the reading.
            }
        }

        return threads;
    }

    private static ThreadFigures ReadOne(string folder)
    {
        const string Label = "voluntary_ctxt_switches:";
        var switches = File.ReadLines(Path.Combine(folder, "status")).First(line => line.StartsWith(Label, StringComparison.Ordinal));
        return new ThreadFigures(
            File.ReadAllText(Path.Combine(folder, "comm")).Trim(),
            long.Parse(switches[Label.Length..], CultureInfo.InvariantCulture),
            ReadCpu(folder));
    }

    private static TimeSpan ReadCpu(string folder)
    {
        var precise = Path.Combine(folder, "schedstat");
        return File.Exists(precise)
            ? TimeSpan.FromMicroseconds(long.Parse(File.ReadAllText(precise).Split(' ')[0], CultureInfo.InvariantCulture) / 1000.0)
            : ProcessCpu.Parse(File.ReadAllText(Path.Combine(folder, "stat")));
    }
}
