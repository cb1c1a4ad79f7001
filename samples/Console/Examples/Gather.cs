using GreenletBridge;

namespace ConsoleSample.Examples;

/// <summary>"Known limitations: gevent.sleep": an async sleep and a blocking one, at the same time.</summary>
internal static class Gather
{
    public static void Run()
    {
        Console.WriteLine("# Async and blocking sleeps, gathered");
        using var hub = new Hub();
        hub.Run(() => Task.WhenAll(F(), hub.Bridge.SyncToAsync(G)()));
    }

    private static async Task F()
    {
        Console.WriteLine("f 1");
        await Task.Delay(300);
        Console.WriteLine("f 2");
    }

    private static void G()
    {
        Console.WriteLine("g 1");
        Greenlet.Sleep(TimeSpan.FromMilliseconds(1_200));
        Console.WriteLine("g 2");
    }
}
