namespace GreenletBridge.Benchmarks.Compare;

/// <summary>The engine against the thread pool.</summary>
internal static class CoreRows
{
    private const int Count = 1_000_000;

    internal static IEnumerable<Row> All(Hub hub)
    {
        foreach (var burst in (int[])[10_000, 1_000_000])
            yield return Row.Rate($"no-op greenlets posted by another thread, {burst:N0} at a time", "Task.Run", 1, () => Posted(hub, burst), () => PostedToPool(burst), Count);
        yield return Row.Rate("no-op greenlets spawned and joined, 100,000", "Task.Run + WhenAll", 1, () => Joined(hub), WhenAll, 100_000);
        foreach (var inFlight in (int[])[1, 64, 1_000])
        {
            var goal = inFlight == 1 ? 0.5 : 1;
            // A function of its own each time: what is known of it belongs to the function.
            var ours = hub.Bridge.SyncToAsync(static () => { });
            yield return Row.Rate(
                $"SyncToAsync no-op, awaited, {inFlight} in flight", "Task.Run", goal, () => Awaited(ours, inFlight), () => Awaited(static () => Task.Run(static () => { }), inFlight), Calls(inFlight));
        }
    }

    private static async Task<long> Posted(Hub hub, int burst)
    {
        for (var posted = 0; posted < Count; posted += burst)
        {
            var countdown = new Countdown(burst);
            for (var i = 0; i < burst; i++)
                _ = hub.Spawn(countdown.Signal);
            await countdown.Reached;
        }

        return Count;
    }

    private static async Task<long> PostedToPool(int burst)
    {
        for (var posted = 0; posted < Count; posted += burst)
        {
            var countdown = new Countdown(burst);
            for (var i = 0; i < burst; i++)
                _ = Task.Run(countdown.Signal);
            await countdown.Reached;
        }

        return Count;
    }

    internal static Task<long> Joined(Hub hub)
    {
        var all = new Greenlet[100_000];
        for (var i = 0; i < all.Length; i++)
            all[i] = hub.Spawn(static () => { });
        foreach (var greenlet in all)
            greenlet.Join();
        return Task.FromResult((long)all.Length);
    }

    private static async Task<long> WhenAll()
    {
        var all = new Task[100_000];
        for (var i = 0; i < all.Length; i++)
            all[i] = Task.Run(static () => { });
        await Task.WhenAll(all);
        return all.Length;
    }

    private static async Task<long> Awaited(Func<Task> call, int inFlight)
    {
        var each = Calls(inFlight) / inFlight;
        async Task Loop()
        {
            for (var i = 0; i < each; i++)
                await call();
        }

        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(Loop)));
        return Calls(inFlight);
    }

    private static long Calls(int inFlight) => (inFlight == 1 ? Count / 10 : Count) / inFlight * inFlight;
}
