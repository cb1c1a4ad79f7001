namespace GreenletBridge.Core.Toolbox.Synchronization;

/// <summary>What a wait that is awaited, and has to wait, allocates: its waiter, and what it is put into.</summary>
[Collection(nameof(WholeProcess))]
public sealed class AwaitedAllocationTests(ITestOutputHelper output)
{
    private const int Rounds = 2_000;

    public static TheoryData<string, int> Waits => new()
    {
        { "event", 300 },
        { "semaphore", 300 },
        { "lock", 360 },
        { "queue, get", 300 },
        { "queue, put", 360 },
        { "channel", 360 },
        { "result", 600 },
        { "yield", 500 },
    };

    [Theory]
    [MemberData(nameof(Waits))]
    public async Task Wait_Awaited_AllocatesLittleBesideItsWaiter(string kind, int most)
    {
        await using var lane = Waiting.Lane(HubLoop.Threads);
        var measured = lane.Hub.Spawn(async () =>
        {
            await Run(kind, Rounds);
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await Run(kind, Rounds);
            return (GC.GetTotalAllocatedBytes(precise: true) - before) / Rounds;
        });
        var bytes = await lane.ValueOf(measured);
        output.WriteLine($"{kind}: {bytes} bytes a wait");
        Assert.InRange(bytes, 1, most);
    }

    // Two greenlets that take turns: one wait a round.
    private static async Task Run(string kind, int rounds)
    {
        var hub = Hub.Current!;
        var (there, back) = (new GreenletEvent(), new GreenletEvent());
        var (first, second) = (new GreenletSemaphore(0), new GreenletSemaphore(0));
        var (gate, queue, full, channel) = (new GreenletLock(), new GreenletQueue<int>(), new GreenletQueue<int>(1), new GreenletChannel<int>());
        var result = new AsyncResult<int>();
        // Those that go to and fro make two waits a round.
        rounds = kind is "event" or "semaphore" ? rounds / 2 : rounds;
        Func<Task> one = kind switch
        {
            "event" => async () => { for (var i = 0; i < rounds; i++) { there.Set(); await back.WaitAsync(); back.Clear(); } },
            "semaphore" => async () => { for (var i = 0; i < rounds; i++) { first.Release(); await second.AcquireAsync(); } },
            "lock" => async () => { for (var i = 0; i < rounds / 2; i++) using (await gate.AcquireAsync()) await Task.Yield(); },
            "queue, get" => async () => { for (var i = 0; i < rounds; i++) { queue.Put(i); await Task.Yield(); } },
            "queue, put" => async () => { for (var i = 0; i < rounds; i++) await full.PutAsync(i); },
            "channel" => async () => { for (var i = 0; i < rounds; i++) await channel.PutAsync(i); },
            "result" => async () => { for (var i = 0; i < rounds; i++) { result = new AsyncResult<int>(); await result.GetAsync(); } },
            _ => async () => { for (var i = 0; i < rounds; i++) await Greenlet.YieldAsync(); },
        };
        Func<Task> other = kind switch
        {
            "event" => async () => { for (var i = 0; i < rounds; i++) { await there.WaitAsync(); there.Clear(); back.Set(); } },
            "semaphore" => async () => { for (var i = 0; i < rounds; i++) { await first.AcquireAsync(); second.Release(); } },
            "lock" => one,
            "queue, get" => async () => { for (var i = 0; i < rounds; i++) await queue.GetAsync(); },
            "queue, put" => async () => { for (var i = 0; i < rounds; i++) { full.Get(); await Task.Yield(); } },
            "channel" => async () => { for (var i = 0; i < rounds; i++) { while (!channel.TryGet(out _)) await Task.Yield(); } },
            "result" => async () => { for (var i = 0; i < rounds; i++) { result.Set(i); await Task.Yield(); } },
            _ => static () => Task.CompletedTask,
        };
        await Greenlet.JoinAllAsync([hub.Spawn(one), hub.Spawn(other)]);
    }
}
