using GreenletBridge.Core.Stress.Exploration;
using GreenletBridge.Core.Stress.Histories;
using Xunit;

namespace GreenletBridge.Core.Stress.Primitives;

public sealed class QueueExploration
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(null)]
    public void PutAndGet_AnySchedule_AsIfOneAfterTheOther(int? capacity) => Explorer.Explore(world =>
    {
        var queue = new GreenletQueue<int>(capacity);
        var disturbances = new Disturbances(world);
        var history = new List<Operation>();
        for (var i = 0; i < 2; i++)
        {
            var first = 10 * (i + 1);
            world.Spawn($"putter{i}", async () =>
            {
                for (var item = first; item < first + 3; item++)
                {
                    var (timeout, token) = disturbances.Patience();
                    var put = new Operation($"put {item}", world.Note($"put {item}"));
                    history.Add(put);
                    await Calls(world, put, async () =>
                    {
                        await queue.PutAsync(item, timeout, token);
                        return item;
                    });
                }
            });
            world.Spawn($"getter{i}", async () =>
            {
                for (var round = 0; round < 3; round++)
                {
                    var (timeout, token) = disturbances.Patience();
                    var get = new Operation("get", world.Note("get"));
                    history.Add(get);
                    await Calls(world, get, async () => await queue.GetAsync(timeout, token));
                }
            });
        }

        disturbances.KillSome(2);
        disturbances.LetTimePass(3);
        // Who waits for an item that nobody puts, or for a place that nobody frees, is told that there is no more.
        world.AtRest(() => queue.Shutdown());
        return () =>
        {
            var put = history.Where(static call => call is { IsGivenUp: false, Name: not "get", Result: not null }).Select(static call => (int)call.Result!).ToArray();
            var got = history.Where(static call => call is { IsGivenUp: false, Name: "get", Result: not null }).Select(static call => (int)call.Result!).ToArray();
            var left = new List<int>();
            while (queue.TryGet(out var item))
                left.Add(item);
            // Whatever was put was got once or is still there; who gave up has put or got nothing.
            Assert.Equal(put.Order(), got.Concat(left).Order());
            Assert.True(
                Linearizability.Holds(history, Sequence.Empty, (state, call) => Step(state, call, capacity)),
                "No order of the calls explains: " + string.Join(", ", history));
        };
    });

    [Fact]
    public void Channel_AnySchedule_WhoPutsMeetsWhoGets() => Explorer.Explore(world =>
    {
        var channel = new GreenletChannel<int>();
        var disturbances = new Disturbances(world);
        var history = new List<Operation>();
        for (var i = 0; i < 2; i++)
        {
            var first = 10 * (i + 1);
            world.Spawn($"putter{i}", async () =>
            {
                for (var item = first; item < first + 3; item++)
                {
                    var (timeout, token) = disturbances.Patience();
                    var put = new Operation($"put {item}", world.Note($"put {item}"));
                    history.Add(put);
                    await Calls(world, put, async () =>
                    {
                        await channel.PutAsync(item, timeout, token);
                        return item;
                    });
                }
            });
            world.Spawn($"getter{i}", async () =>
            {
                for (var round = 0; round < 3; round++)
                {
                    var (timeout, token) = disturbances.Patience();
                    var get = new Operation("get", world.Note("get"));
                    history.Add(get);
                    await Calls(world, get, async () => await channel.GetAsync(timeout, token));
                }
            });
        }

        disturbances.KillSome(2);
        disturbances.LetTimePass(3);
        world.AtRest(channel.Shutdown);
        return () =>
        {
            var puts = history.Where(static call => call is { IsGivenUp: false, Name: not "get" }).ToDictionary(static call => (int)call.Result!);
            var gets = history.Where(static call => call is { IsGivenUp: false, Name: "get" }).ToDictionary(static call => (int)call.Result!);
            Assert.Equal(puts.Keys.Order(), gets.Keys.Order());
            // A rendezvous: they were there at the same time.
            Assert.All(puts, pair => Assert.True(pair.Value.Began < gets[pair.Key].Ended && gets[pair.Key].Began < pair.Value.Ended, $"{pair.Value} and {gets[pair.Key]}"));
        };
    });

    [Fact]
    public void PutAndGet_OneEachAndAKill_InEverySchedule()
    {
        var schedules = Explorer.ExploreAll(200_000, world =>
        {
            var queue = new GreenletQueue<int>(1);
            var got = new List<int>();
            var put = 0;
            world.Spawn("putter", async () =>
            {
                for (var item = 0; item < 3; item++)
                {
                    await queue.PutAsync(item);
                    put++;
                }
            });
            world.Spawn("other putter", async () =>
            {
                await queue.PutAsync(3);
                put++;
            });
            var getter = world.Spawn("getter", async () =>
            {
                while (true)
                    got.Add(await queue.GetAsync());
            });
            world.Outside("kill", () => getter.Kill());
            world.AtRest(() => queue.Shutdown(immediate: false));
            return () =>
            {
                while (queue.TryGet(out var item))
                    got.Add(item);
                Assert.Equal(put, got.Distinct().Count());
                Assert.Equal(put, got.Count);
            };
        }, allowed: static error => error is QueueShutDownException);
        Assert.True(schedules > 10, $"{schedules} schedules");
    }

    private static Sequence? Step(Sequence state, Operation call, int? capacity) =>
        call.Name == "get" ? state.Without((int)call.Result!)
        : capacity is { } most && state.Count >= most ? null
        : state.Add((int)call.Result!);

    private static async Task Calls(World world, Operation call, Func<Task<int>> body)
    {
        // Given up until it is known to have come to its end.
        call.IsGivenUp = true;
        try
        {
            call.Result = await body();
            call.IsGivenUp = false;
        }
        catch (Exception error) when (Disturbances.IsImpatience(error) || error is QueueShutDownException)
        {
            // It did nothing, then.
        }
        finally
        {
            call.Ended = world.Note($"end of {call}");
        }
    }
}
