using System.Globalization;

namespace GreenletBridge;

/// <summary>Tells whether another thread is blocked, as far as the runtime and the operating system show it.</summary>
/// <remarks>Cheap first: the runtime's own word takes 10 ns and knows sleeps and joins; the kernel's takes about 12 µs and knows the rest.</remarks>
internal class ThreadProbe
{
    private readonly string _tasks;

    /// <param name="tasks">The folder in which Linux has one folder for each thread.</param>
    internal ThreadProbe(string tasks = "/proc/self/task")
    {
        _tasks = tasks;
        SeesKernel = OsThread.CurrentId is not 0 and var self && StateOf(self) != '?';
    }

    /// <summary>The one of the process.</summary>
    internal static ThreadProbe Shared { get; } = new();

    /// <summary>Whether blocking calls into the operating system are seen. Without it only sleeps and joins are.</summary>
    internal bool SeesKernel { get; }

    internal virtual bool IsBlocked(Runner runner) => IsWaiting(runner) || (SeesKernel && runner.OsThreadId != 0 && StateOf(runner.OsThreadId) is 'S' or 'D');

    /// <summary>Whether the thread is in a wait or sleep of the runtime's, and not merely on its way into one or out of it.</summary>
    /// <remarks>
    /// The runtime says that a thread waits from before the wait hook is called until after it has returned, and of one in Sleep(0), too: every
    /// wait of the runtime's begins with some of those. Neither is a place for an interrupt, and to the kernel such a thread runs.
    /// </remarks>
    internal bool IsAsleep(Runner runner) => IsWaiting(runner) && !(SeesKernel && runner.OsThreadId != 0 && StateOf(runner.OsThreadId) == 'R');

    private static bool IsWaiting(Runner runner) => (runner.Thread.ThreadState & ThreadState.WaitSleepJoin) != 0;

    // R runs or wants to, S and D sleep in the kernel; '?' when it cannot be known.
    private char StateOf(int thread)
    {
        try
        {
            using var file = File.OpenHandle(string.Create(CultureInfo.InvariantCulture, $"{_tasks}/{thread}/stat"), share: FileShare.ReadWrite);
            Span<byte> text = stackalloc byte[128];
            text = text[..RandomAccess.Read(file, text, 0)];
            // "123 (a name) S ...": the name may contain anything.
            var end = text.LastIndexOf((byte)')');
            return end >= 0 && end + 2 < text.Length ? (char)text[end + 2] : '?';
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return '?';
        }
    }
}
