using GreenletBridge.Core.Stress.Exploration;
using GreenletBridge.Core.Stress.Histories;
using Xunit;

namespace GreenletBridge.Core.Stress.Primitives;

public sealed class EventExploration
{
    [Fact]
    public void Event_AnySchedule_AsIfOneAfterTheOther() => Explorer.Explore(world =>
    {
        var gate = new GreenletEvent();
        var disturbances = new Disturbances(world);
        var history = new List<Operation>();
        for (var i = 0; i < 3; i++)
        {
            world.Spawn($"waiter{i}", async () =>
            {
                for (var round = 0; round < 2; round++)
                {
                    var (timeout, token) = disturbances.Patience();
                    var wait = new Operation("wait", world.Note("wait")) { IsGivenUp = true };
                    history.Add(wait);
                    try
                    {
                        wait.IsGivenUp = !await gate.WaitAsync(timeout, token);
                    }
                    catch (Exception error) when (Disturbances.IsImpatience(error))
                    {
                        world.Note("gave up");
                    }
                    finally
                    {
                        wait.Ended = world.Note("end of wait");
                    }
                }
            });
        }

        world.Spawn("setter", async () =>
        {
            for (var round = 0; round < 2; round++)
            {
                Now("set", gate.Set);
                if (world.Pick(2) == 0)
                    await Greenlet.YieldAsync();
                Now("clear", gate.Clear);
                await Greenlet.YieldAsync();
            }
        });
        disturbances.KillSome(2);
        disturbances.LetTimePass(2);
        world.AtRest(() => Now("set", gate.Set));
        return () => Assert.True(
            Linearizability.Holds(history, new Flag(false), static (state, call) => call.Name switch
            {
                "set" => new Flag(true),
                "clear" => new Flag(false),
                _ => state.IsSet ? state : null,
            }),
            "No order of the calls explains: " + string.Join(", ", history));

        void Now(string name, Action action)
        {
            var call = new Operation(name, world.Note(name));
            history.Add(call);
            action();
            call.Ended = world.Note($"end of {name}");
        }
    });

    [Fact]
    public void AsyncResult_AnySchedule_EveryoneGetsAValueThatWasSet() => Explorer.Explore(world =>
    {
        var result = new AsyncResult<string>();
        var disturbances = new Disturbances(world);
        var set = new HashSet<string>();
        var got = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            world.Spawn($"getter{i}", async () =>
            {
                var (timeout, token) = disturbances.Patience();
                try
                {
                    var value = await result.GetAsync(timeout, token) ?? "nothing";
                    Assert.Contains(value, set);
                    got.Add(value);
                }
                catch (Exception error) when (Disturbances.IsImpatience(error))
                {
                    world.Note("gave up");
                }
            });
        }

        world.Outside("set from outside", () => Set("outside"));
        world.Spawn("setter", async () =>
        {
            await Greenlet.YieldAsync();
            Set("inside");
        });
        disturbances.KillSome(2);
        disturbances.LetTimePass(2);
        return () =>
        {
            Assert.Equal(set.Count > 0, result.IsReady);
            Assert.True(!result.IsReady || set.Contains(result.Value!));
        };

        void Set(string value)
        {
            world.Note($"set {value}");
            set.Add(value);
            result.Set(value);
        }
    });

    private sealed record Flag(bool IsSet);
}
