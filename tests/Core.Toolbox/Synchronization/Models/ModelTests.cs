using System.Globalization;

namespace GreenletBridge.Core.Toolbox.Synchronization.Models;

/// <summary>
/// Each primitive against a plain sequential model, through random histories. A failure prints its seed; <c>MODEL_SEED=n</c> replays it,
/// <c>MODEL_RUNS=n</c> runs so many histories of each (docs/testing.md).
/// </summary>
public sealed class ModelTests
{
    private const int Steps = 60;

    private static int Runs => Setting("MODEL_RUNS") ?? 25;

    private static int First => Setting("MODEL_SEED") ?? Environment.TickCount & 0xFFFFFF;

    [Theory, Loops]
    public Task Semaphore(HubLoop loop) => Run(loop, static random =>
    {
        var initial = random.Next(3);
        return new SemaphoreScene(initial, random.Next(2) == 0 ? int.MaxValue : initial + 2);
    });

    [Theory, Loops]
    public Task Event(HubLoop loop) => Run(loop, static _ => new EventScene());

    [Theory, Loops]
    public Task Lock(HubLoop loop) => Run(loop, static _ => new LockScene());

    [Theory, Loops]
    public Task Queue(HubLoop loop) => Run(loop, static random =>
        QueueScene.Of(new GreenletQueue<int>(Capacity(random)), static (items, _) => items.Count, isSorted: false, ends: random.Next(2) == 0));

    [Theory, Loops]
    public Task LifoQueue(HubLoop loop) => Run(loop, static random =>
        QueueScene.Of(new GreenletLifoQueue<int>(Capacity(random)), static (_, _) => 0, isSorted: false, ends: random.Next(2) == 0));

    [Theory, Loops]
    public Task PriorityQueue(HubLoop loop) => Run(loop, static random =>
        QueueScene.Of(new GreenletPriorityQueue<int>(Capacity(random)), static (items, item) => items.FindAll(other => other <= item).Count, isSorted: true, ends: random.Next(2) == 0));

    [Theory, Loops]
    public Task Channel(HubLoop loop) => Run(loop, static random => QueueScene.Of(new GreenletChannel<int>(), ends: random.Next(2) == 0));

    private static int? Capacity(Random random) => random.Next(4) is var places and > 0 ? places : null;

    private static async Task Run(HubLoop loop, Func<Random, Scene> make)
    {
        var first = First;
        for (var seed = first; seed < first + (Setting("MODEL_SEED") is null ? Runs : 1); seed++)
        {
            await using var lane = Waiting.Lane(loop);
            var run = new ModelRun(lane, make(new Random(seed)), seed);
            await lane.OnHub(() => run.Drive(Steps));
        }
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
