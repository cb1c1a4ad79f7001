using GreenletBridge;

namespace ConsoleSample.Examples;

/// <summary>"Wrapping coroutines in spawning functions": async_to_sync.</summary>
internal static class AsyncToSync
{
    public static void Run()
    {
        Console.WriteLine("# Wrapping async functions");
        var bridge = Hub.Default.Bridge;

        Func<int, int> blockingFunction = bridge.AsyncToSync((int duration) => AsyncFunction(duration));
        Console.WriteLine(blockingFunction(10));

        // Sync over async over sync over async: no deadlock, one hub.
        Console.WriteLine(Nested(bridge, 5));
    }

    private static async Task<int> AsyncFunction(int duration)
    {
        await Task.Delay(duration);
        return 42;
    }

    private static int Nested(IGreenletBridge bridge, int depth) =>
        depth == 0 ? 0 : bridge.AsyncToSync(async () => 1 + await bridge.SyncToAsync(() => Nested(bridge, depth - 1))())();
}
