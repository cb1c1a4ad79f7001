using GreenletBridge;

namespace ConsoleSample.Examples;

/// <summary>The same with the blocking sleep inside the async function: there it freezes the loop, here it needs no wrapping.</summary>
internal static class BlockingInAsyncCode
{
    public static void Run()
    {
        Console.WriteLine("# A blocking sleep in async code");
        using var hub = new Hub();
        hub.Run(async () =>
        {
            // In a greenlet of its own, so that only it sleeps.
            var g = hub.Spawn(G);
            await Task.WhenAll(F(), hub.Bridge.AsTask(g));
        });
    }

    private static async Task F()
    {
        Console.WriteLine("f 1");
        await Task.Delay(300);
        Console.WriteLine("f 2");
    }

    private static async Task G()
    {
        Console.WriteLine("g 1");
        await Task.Delay(10);
        Greenlet.Sleep(TimeSpan.FromMilliseconds(1_200));
        Console.WriteLine("g 2");
    }
}
