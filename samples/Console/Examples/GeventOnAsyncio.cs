using GreenletBridge;

namespace ConsoleSample.Examples;

/// <summary>"Running gevent on asyncio": greenlets on .NET's scheduler. GREENLET_LOOP=Scheduler does the same without code.</summary>
internal static class GeventOnAsyncio
{
    public static async Task RunAsync()
    {
        Console.WriteLine("# Running gevent on asyncio");
        await using var hub = new Hub(new HubOptions { Loop = HubLoop.Scheduler });
        hub.Start();

        await hub.Spawn(async () =>
        {
            await Greenlet.SleepAsync(TimeSpan.FromMilliseconds(10));
            Console.WriteLine($"done, on a thread of the pool: {Thread.CurrentThread.IsThreadPoolThread}");
        });
    }
}
