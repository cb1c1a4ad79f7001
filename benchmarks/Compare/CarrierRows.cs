using System.Diagnostics;
using System.Globalization;

namespace GreenletBridge.Benchmarks.Compare;

/// <summary>1,000 blocking bodies that wait, against as many threads.</summary>
internal static class CarrierRows
{
    private const int Count = 1_000;
    private const int WarmUp = 20;
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
        return Measure(
            (count, wait) =>
            {
                for (var i = 0; i < count; i++)
                    _ = hub.Bridge.RunAsync(wait);
            },
            count => hub.Snapshot(new HubSnapshotOptions { Greenlets = false }).Waiting == count);
    }

    private static (double Kilobytes, double Milliseconds) ParkThreads()
    {
        Thread[] all = [];
        return Measure(
            (count, wait) =>
            {
                all = new Thread[count];
                for (var i = 0; i < count; i++)
                {
                    all[i] = new Thread(() => wait());
                    all[i].Start();
                }
            },
            _ => all.All(static thread => (thread.ThreadState & System.Threading.ThreadState.WaitSleepJoin) != 0));
    }

    private static (double Kilobytes, double Milliseconds) Measure(Action<int, Action> start, Func<int, bool> areParked)
    {
        // A few first: the code is compiled, and what is used once is there.
        Park(start, areParked, WarmUp);
        GC.Collect();
        var before = Resident();
        var (after, milliseconds) = Park(start, areParked, Count);
        return (after - before, milliseconds);
    }

    private static (double Resident, double Milliseconds) Park(Action<int, Action> start, Func<int, bool> areParked, int count)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = Stopwatch.GetTimestamp();
        start(count, () => gate.Task.Wait());
        while (!areParked(count))
            Thread.Sleep(1);
        var milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        GC.Collect();
        var resident = Resident();
        gate.SetResult();
        while (areParked(count))
            Thread.Sleep(1);
        return (resident, milliseconds);
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
