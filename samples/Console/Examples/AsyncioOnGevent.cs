using GreenletBridge;

namespace ConsoleSample.Examples;

/// <summary>"Running asyncio on gevent": async code on greenlet scheduling. The calling thread is the loop.</summary>
internal static class AsyncioOnGevent
{
    public static void Run()
    {
        Console.WriteLine("# Running asyncio on gevent");
        using var hub = new Hub();
        hub.Run(async () =>
        {
            await Task.Delay(10);
            Console.WriteLine($"done, on the hub: {Hub.Current == hub}");
        });
    }
}
