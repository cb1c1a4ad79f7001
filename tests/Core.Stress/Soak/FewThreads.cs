using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GreenletBridge.Core.Stress.Soak;

/// <summary>A process that the system really gives no more threads; run as a child, because it limits itself.</summary>
internal static partial class FewThreads
{
    public const string Command = "few-threads";

    private const int Greenlets = 60;
    private const int LimitOfProcesses = 6;

    // A user that nobody is: only this process counts against its limit, which does not hold for root.
    private const uint Nobody = 54_321;

    /// <summary>Prints how many greenlets ended and how often a failed start was told; 0 when all is well.</summary>
    public static int Run(TextWriter output)
    {
        // The console makes a thread of its own at the first line.
        output.WriteLine($"{Greenlets} greenlets that block");
        var listener = new FailureListener();
        using var hub = new Hub(new HubOptions { Listener = listener, Carriers = new CarrierPool(new CarrierOptions { IdleTimeout = TimeSpan.FromSeconds(1) }) });
        hub.Start();
        hub.Spawn(static () => Greenlet.Sleep(1)).Join();
        ThreadPool.GetMinThreads(out var workers, out _);
        Parallel.For(0, workers, static _ => Thread.Yield());

        if (geteuid() == 0 && setresuid(Nobody, Nobody, Nobody) != 0)
            return Failed(output, "setresuid");
        using var self = Process.GetCurrentProcess();
        var limit = new Limit((nuint)self.Threads.Count + 3, nuint.MaxValue);
        _ = getrlimit(LimitOfProcesses, out var before);
        limit.Most = before.Most;
        if (setrlimit(LimitOfProcesses, in limit) != 0)
            return Failed(output, "setrlimit");

        var gate = new ManualResetEventSlim();
        var ended = 0;
        var all = Enumerable.Range(0, Greenlets).Select(_ => hub.Spawn(() =>
        {
            gate.Wait();
            Interlocked.Increment(ref ended);
        })).ToArray();
        var started = Stopwatch.GetTimestamp();
        while (listener.Failures.IsEmpty && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20))
            Thread.Yield();
        gate.Set();
        var missing = all.Count(static greenlet => !greenlet.Join(TimeSpan.FromSeconds(30)));
        output.WriteLine($"{ended} ended, {missing} missing, {listener.Failures.Count} told: {listener.Failures.FirstOrDefault()?.GetType().Name}");
        return missing == 0 && ended == Greenlets && !listener.Failures.IsEmpty ? 0 : 1;
    }

    private static int Failed(TextWriter output, string call)
    {
        output.WriteLine($"{call} failed: {Marshal.GetLastPInvokeErrorMessage()}");
        return 3;
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setresuid(uint real, uint effective, uint saved);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setrlimit(int resource, in Limit limit);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrlimit(int resource, out Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit(nuint now, nuint most)
    {
        public nuint Now = now;
        public nuint Most = most;
    }

    private sealed class FailureListener : HubListener
    {
        public ConcurrentQueue<Exception> Failures { get; } = new();

        public override void OnCarrierStartFailed(Hub hub, Exception exception) => Failures.Enqueue(exception);
    }
}
