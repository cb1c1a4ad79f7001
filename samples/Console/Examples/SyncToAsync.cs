using GreenletBridge;

namespace ConsoleSample.Examples;

/// <summary>"Wrapping blocking or spawning functions in coroutines": sync_to_async.</summary>
internal static class SyncToAsync
{
    public static async Task RunAsync()
    {
        Console.WriteLine("# Wrapping blocking functions");
        var bridge = Hub.Default.Bridge;

        Func<TimeSpan, Task<int>> asyncFunction = bridge.SyncToAsync((TimeSpan duration) => BlockingFunction(duration));
        Console.WriteLine(await asyncFunction(TimeSpan.FromMilliseconds(10)));

        // Or in one go
        Console.WriteLine(await bridge.RunAsync(() => BlockingFunction(TimeSpan.FromMilliseconds(10))));
    }

    private static int BlockingFunction(TimeSpan duration)
    {
        // Any blocking call will do.
        Thread.Sleep(duration);
        return 42;
    }
}
