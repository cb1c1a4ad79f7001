using System.Globalization;

namespace GreenletBridge.TestSupport;

/// <summary>What this process holds at one moment.</summary>
/// <param name="Threads">Threads of the operating system.</param>
/// <param name="Descriptors">Open descriptors; null where the system does not list them under <c>/proc</c>.</param>
/// <param name="HeapBytes">Managed heap after full collections, in bytes.</param>
/// <param name="DescriptorKinds">What is open: paths, and sockets, pipes and the like without their numbers; empty without <c>/proc</c>.</param>
/// <param name="ThreadNames">Names of the threads as the system knows them (15 characters on Linux); empty without <c>/proc</c>.</param>
public sealed record ProcessFigures(int Threads, int? Descriptors, long HeapBytes, IReadOnlyList<string> DescriptorKinds, IReadOnlyList<string> ThreadNames)
{
    private const string DescriptorFolder = "/proc/self/fd";
    private const string ThreadFolder = "/proc/self/task";

    /// <summary>Collects garbage, finalizers included, and reads the figures.</summary>
    public static ProcessFigures Take()
    {
        for (var pass = 0; pass < 2; pass++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        // Read beside another thread's collection the figure can be zero for a moment.
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        for (var tries = 0; heap <= 0 && tries < 100; tries++)
            heap = GC.GetTotalMemory(forceFullCollection: true);

        var names = ReadThreadNames();
        var kinds = ReadDescriptors();
        return new ProcessFigures(names.Count > 0 ? names.Count : CountThreads(), kinds?.Count, heap, kinds ?? [], names);
    }

    /// <summary>Threads whose name begins with <paramref name="prefix"/>.</summary>
    /// <param name="prefix">Compared ordinally; only the first 15 characters of a thread's name are known.</param>
    public int ThreadsNamed(string prefix) => ThreadNames.Count(name => name.StartsWith(prefix, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Threads} threads, {Descriptors?.ToString(CultureInfo.InvariantCulture) ?? "?"} descriptors, {HeapBytes / 1024.0:0} KiB heap");

    private static int CountThreads()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.Threads.Count;
    }

    private static List<string>? ReadDescriptors()
    {
        if (!Directory.Exists(DescriptorFolder))
            return null;
        // One that is closed meanwhile, as the listing's own is, has no target any more
        return [.. Directory.EnumerateFileSystemEntries(DescriptorFolder).ToList().Select(TargetOf).OfType<string>()];
    }

    private static string? TargetOf(string descriptor)
    {
        try
        {
            // socket:[12345], pipe:[12345]
            return new FileInfo(descriptor).LinkTarget?.Split(":[")[0];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static List<string> ReadThreadNames()
    {
        var names = new List<string>();
        if (!Directory.Exists(ThreadFolder))
        {
            return names;
        }

        foreach (var thread in Directory.EnumerateDirectories(ThreadFolder))
        {
            try
            {
                names.Add(File.ReadAllText(Path.Combine(thread, "comm")).TrimEnd('\n'));
            }
            catch (IOException)
            {
                // The thread ended between the listing and the reading.
            }
        }

        return names;
    }
}
