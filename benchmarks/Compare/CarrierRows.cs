using System.Diagnostics;
using System.Globalization;

namespace GreenletBridge.Benchmarks.Compare;

/// <summary>1,000 blocking bodies that wait, against as many threads.</summary>
internal static class CarrierRows
{
    private const int Count = 1_000;
    private const string Greenlets = "greenlets";
    private const string Threads = "threads";

    internal static IEnumerable<Row> All()
    {
        yield return Parked("1,000 parked: resident memory", 1 / 1.15, "KiB", static figures => figures.Kilobytes);
        yield return Parked("1,000 parked: time to start", 0.5, "ms", static figures => figures.Milliseconds);
        yield return Row.Figure("1,000 × 100 ms, the second time", 130, "ms", lessIsBetter: true, SecondRoundAsync);
    }

    /// <summary>In a process of its own: the C library keeps the stacks of threads that have ended, and the next ones would get them for nothing.</summary>
    /// <param name="side">greenlets or threads.</param>
    internal static void RunChild(string side)
    {
        var (kilobytes, milliseconds) = side == Greenlets ? ParkGreenlets() : ParkThreads();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kilobytes} {milliseconds}"));
    }

    private static Row Parked(string name, double goal, string unit, Func<(double Kilobytes, double Milliseconds), double> figure) =>
        new(name, "raw threads", goal, async () => figure(await ChildAsync(Greenlets)), async () => figure(await ChildAsync(Threads))) { Unit = unit, LessIsBetter = true, WarmUp = 1 };

    private static async Task<(double Kilobytes, double Milliseconds)> ChildAsync(string side)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(CarrierRows).Assembly.Location, "--park", side]) { RedirectStandardOutput = true })!;
        var figures = (await process.StandardOutput.ReadToEndAsync()).Split(' ');
        await process.WaitForExitAsync();
        return (double.Parse(figures[0], CultureInfo.InvariantCulture), double.Parse(figures[1], CultureInfo.InvariantCulture));
    }

    private static (double Kilobytes, double Milliseconds) ParkGreenlets()
    {
        using var hub = new Hub(new HubOptions { Name = "parked", Carriers = new CarrierPool(new CarrierOptions { Max = Count + 100 }) });
        hub.Start();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var wait = (Action)(() => gate.Task.Wait());
        hub.Bridge.RunAsync(static () => Task.CompletedTask.Wait()).Wait();
        var before = Resident();
        var started = Stopwatch.GetTimestamp();
        var all = new Task[Count];
        for (var i = 0; i < Count; i++)
            all[i] = hub.Bridge.RunAsync(wait);
        while (hub.Snapshot(new HubSnapshotOptions { Greenlets = false }).Waiting < Count)
            Thread.Sleep(1);
        var figures = (Resident() - before, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        gate.SetResult();
        Task.WaitAll(all);
        return figures;
    }

    private static (double Kilobytes, double Milliseconds) ParkThreads()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var begun = new CountdownEvent(Count);
        Task.CompletedTask.Wait();
        var before = Resident();
        var started = Stopwatch.GetTimestamp();
        var all = new Thread[Count];
        for (var i = 0; i < Count; i++)
        {
            all[i] = new Thread(() =>
            {
                begun.Signal();
                gate.Task.Wait();
            });
            all[i].Start();
        }

        begun.Wait();
        while (all.Any(static thread => (thread.ThreadState & System.Threading.ThreadState.WaitSleepJoin) == 0))
            Thread.Sleep(1);
        var figures = (Resident() - before, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        gate.SetResult();
        foreach (var thread in all)
            thread.Join();
        return figures;
    }

    private static async Task<double> SecondRoundAsync()
    {
        using var carriers = new Carriers();
        await Sleep(carriers.Hub);
        return await Clock.MillisecondsAsync(() => Sleep(carriers.Hub));
    }

    private static Task Sleep(Hub hub) =>
        Task.WhenAll(Enumerable.Range(0, Count).Select(_ => hub.Bridge.RunAsync(static () => Greenlet.Sleep(TimeSpan.FromMilliseconds(100)))));

    // Second number: resident pages of 4 KiB.
    private static double Resident() => double.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture) * 4;

    /// <summary>A hub with carriers of its own, which end with it.</summary>
    private sealed class Carriers : IDisposable
    {
        private readonly CarrierPool _pool = new(new CarrierOptions { Max = Count + 100, IdleTimeout = TimeSpan.FromMilliseconds(500) });

        internal Carriers()
        {
            Hub = new Hub(new HubOptions { Name = "parked", Carriers = _pool });
            Hub.Start();
        }

        internal Hub Hub { get; }

        public void Dispose()
        {
            Hub.Dispose();
            while (_pool.Count > 0)
                Thread.Sleep(50);
        }
    }
}
