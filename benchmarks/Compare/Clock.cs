using System.Diagnostics;

namespace GreenletBridge.Benchmarks.Compare;

/// <summary>Takes times, the same way for both sides.</summary>
internal static class Clock
{
    /// <summary>Operations a second.</summary>
    internal static async Task<double> RateAsync(Func<Task<long>> work)
    {
        var started = Begin();
        var count = await work();
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Milliseconds that it takes.</summary>
    internal static async Task<double> MillisecondsAsync(Func<Task> work)
    {
        var started = Begin();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static long Begin()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Stopwatch.GetTimestamp();
    }
}
