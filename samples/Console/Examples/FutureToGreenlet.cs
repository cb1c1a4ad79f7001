using GreenletBridge;

namespace ConsoleSample.Examples;

/// <summary>"Converting asyncio futures to greenlets": future_to_greenlet is AsGreenlet.</summary>
internal static class FutureToGreenlet
{
    public static void Run()
    {
        Console.WriteLine("# Converting futures to greenlets");
        var bridge = Hub.Default.Bridge;

        // A coroutine: called when the greenlet starts, with a token that is cancelled when it is killed.
        var greenlet = bridge.AsGreenlet(AsyncFunction);
        Console.WriteLine($"before start: {greenlet.Status}");
        greenlet.Start();
        greenlet.Join();
        Console.WriteLine($"after: {greenlet.Get()}");

        // A Task that runs already
        var hot = bridge.AsGreenlet(AsyncFunction(CancellationToken.None));
        hot.Start();
        Console.WriteLine($"a running Task: {hot.Get()}");

        // Killed: the coroutine's token is cancelled.
        var begun = new TaskCompletionSource();
        var killed = bridge.AsGreenlet(async token =>
        {
            using var told = token.Register(() => Console.WriteLine("the token is cancelled"));
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        });
        killed.Start();
        Greenlet.Await(begun.Task);
        killed.Kill(null, TimeSpan.FromSeconds(10));
        Console.WriteLine($"killed: {killed.Value!.GetType().Name}");

        // The Task was cancelled: a killed greenlet, or the exception.
        var gone = Task.FromCanceled<int>(new CancellationToken(canceled: true));
        var exit = bridge.AsGreenlet(gone);
        exit.Start();
        exit.Join();
        var error = bridge.AsGreenlet(gone, new TaskToGreenletOptions { AutoKillGreenlet = false });
        error.Start();
        error.Join();
        Console.WriteLine($"of a cancelled Task: {exit.Status}, or {error.Exception!.GetType().Name}");
    }

    private static async Task<int> AsyncFunction(CancellationToken cancellationToken)
    {
        await Task.Delay(10, cancellationToken);
        return 42;
    }
}
