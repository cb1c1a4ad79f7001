using GreenletBridge;

namespace ConsoleSample.Examples;

/// <summary>"Converting greenlets to asyncio futures": greenlet_to_future is AsTask, or just await.</summary>
internal static class GreenletToFuture
{
    public static async Task RunAsync()
    {
        Console.WriteLine("# Converting greenlets to futures");
        var hub = Hub.Default;

        Greenlet<int> greenlet = hub.Spawn(BlockingFunction);
        Task<int> future = hub.Bridge.AsTask(greenlet);
        Console.WriteLine($"{await future}, and awaited directly: {await greenlet}");

        // autostart_greenlet=False
        var idle = hub.Create(BlockingFunction);
        var pending = hub.Bridge.AsTask(idle, new GreenletToTaskOptions { AutoStartGreenlet = false });
        Console.WriteLine($"not started: {idle.Status}");
        idle.Start();
        Console.WriteLine($"started: {await pending}");

        // A greenlet that is killed cancels its future; one that is killed with an exception of one's own fails it.
        var killed = hub.Spawn(() => Greenlet.Sleep(Timeout.InfiniteTimeSpan));
        var cancelled = hub.Bridge.AsTask(killed);
        killed.Kill();
        Console.WriteLine($"killed: {await EndOf(cancelled)}");
        var failing = hub.Spawn(() => Greenlet.Sleep(Timeout.InfiniteTimeSpan));
        var failed = hub.Bridge.AsTask(failing);
        failing.Kill(new TimeZoneNotFoundException("my own"));
        Console.WriteLine($"killed with an exception: {await EndOf(failed)}");

        // A future that is cancelled kills its greenlet.
        using var source = new CancellationTokenSource();
        var left = hub.Spawn(() => Greenlet.Sleep(Timeout.InfiniteTimeSpan));
        var token = hub.Bridge.AsTask(left, cancellationToken: source.Token);
        await source.CancelAsync();
        left.Join();
        Console.WriteLine($"cancelled: {await EndOf(token)}, its greenlet {left.Status}");
    }

    private static int BlockingFunction()
    {
        Greenlet.Sleep(TimeSpan.FromMilliseconds(10));
        return 42;
    }

    private static async Task<string> EndOf(Task task)
    {
        try
        {
            await task;
            return "completed";
        }
        catch (OperationCanceledException)
        {
            return "cancelled";
        }
        catch (TimeZoneNotFoundException e)
        {
            return e.Message;
        }
    }
}
