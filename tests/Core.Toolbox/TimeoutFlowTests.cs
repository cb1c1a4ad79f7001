using System.Runtime.CompilerServices;

namespace GreenletBridge.Core.Toolbox;

/// <summary>A limit holds for what its own code does, not for who called that code or what runs beside it.</summary>
public sealed class TimeoutFlowTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Theory, Loops]
    public async Task AsyncMethodOnABlockingBody_ItsLimitDoesNotBreakTheWaitOfItsCaller(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        static async Task<string> Method()
        {
            using var limit = GreenletTimeout.Start(TimeSpan.FromSeconds(1));
            try
            {
                await Greenlet.SleepAsync(TimeSpan.FromSeconds(5));
                return "came";
            }
            catch (GreenletTimeoutException e) when (e.Owner == limit)
            {
                return "limited";
            }
        }

        Greenlet<string>[] all =
        [
            lane.Hub.Spawn(() => lane.Bridge.AsyncToSync(Method)()),
            lane.Hub.Spawn(static () => Method().Result),
            lane.Hub.Spawn(static () => Greenlet.Await(Method())),
        ];
        await lane.Until(() => Array.TrueForAll(all, static greenlet => greenlet.Status == GreenletStatus.Waiting), "all wait");
        await lane.Settle();
        lane.Time.Advance(_second);

        foreach (var greenlet in all)
            Assert.Equal("limited", await lane.For(lane.Bridge.AsTask(greenlet), "the value"));
    }

    [Theory, Loops]
    public async Task LimitAroundAnAsyncMethod_OnABlockingBody_EndsBothItsWaitAndTheCallers(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var inner = "";
        async Task<string> Method()
        {
            try
            {
                await Greenlet.SleepAsync(TimeSpan.FromSeconds(5));
                return "came";
            }
            catch (GreenletTimeoutException)
            {
                inner = "told";
                throw;
            }
        }

        var greenlet = lane.Hub.Spawn(() => Greenlet.WithTimeout(_second, () => Greenlet.Await(Method()), "limited"));
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "it waits");
        await lane.Settle();
        lane.Time.Advance(_second);

        Assert.Equal("limited", await lane.For(lane.Bridge.AsTask(greenlet), "the value"));
        await lane.Settle();
        Assert.Equal("told", inner);
    }

    [Theory, Loops]
    public async Task ManyBranches_EachHasItsOwnLimit(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var begun = new TaskCompletionSource();
        static async Task<int> Branch(int number)
        {
            var limit = TimeSpan.FromSeconds(number % 2 == 0 ? 1 : 3);
            return await Greenlet.WithTimeoutAsync(limit, async _ =>
            {
                await Greenlet.SleepAsync(TimeSpan.FromSeconds(2));
                return number;
            }, -number);
        }

        var greenlet = lane.Hub.Spawn(async () =>
        {
            var all = Enumerable.Range(1, 50).Select(Branch).ToList();
            begun.SetResult();
            return await Task.WhenAll(all);
        });
        await lane.For(begun.Task, "all branches wait");
        lane.Time.Advance(_second);
        await lane.Settle();
        await lane.Settle();
        lane.Time.Advance(_second);

        Assert.Equal(Enumerable.Range(1, 50).Select(static number => number % 2 == 0 ? -number : number), await lane.For(lane.Bridge.AsTask(greenlet), "the values"));
    }

    [Theory, Loops]
    public async Task StartAndStop_InALoop_AllocatesLittle_AndKeepsNothing(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = lane.Hub.Spawn(static () =>
        {
            static void Loop(int count, Func<GreenletTimeout> start)
            {
                for (var i = 0; i < count; i++)
                {
                    using (start())
                    {
                    }
                }
            }

            static long Each(Func<GreenletTimeout> start)
            {
                Loop(100, start);
                var before = GC.GetAllocatedBytesForCurrentThread();
                Loop(1_000, start);
                return (GC.GetAllocatedBytesForCurrentThread() - before) / 1_000;
            }

            return Each(static () => GreenletTimeout.Start(TimeSpan.FromHours(1)));
        });

        // The limit itself, its scope and the context that carries it; no timer of its own.
        Assert.InRange(await lane.For(lane.Bridge.AsTask(greenlet), "the bytes"), 1, 320);
    }

    [Theory, Loops]
    public async Task OuterLimit_LeftBeforeTheInnerOne_TheInnerStillHolds(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        static async Task Method()
        {
            using var outer = GreenletTimeout.Start(TimeSpan.FromSeconds(5));
            using var inner = GreenletTimeout.Start(_second);
            Assert.True(outer.Cancel());
            await Greenlet.SleepAsync(TimeSpan.FromSeconds(3));
        }

        var greenlet = lane.Hub.Spawn(static () => Method());
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "it waits");
        await lane.Settle();
        lane.Time.Advance(_second);

        await lane.Ended(greenlet);
        Assert.IsType<GreenletTimeoutException>(greenlet.Exception);
    }

    [Theory, Loops]
    public async Task OwnError_WrappedByALibrary_IsThrownAsItself(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var blocking = lane.Hub.Spawn(static () => Greenlet.WithTimeout(_second, static () =>
        {
            try
            {
                Greenlet.Sleep(TimeSpan.FromSeconds(5));
            }
            catch (GreenletTimeoutException e)
            {
                throw new InvalidTimeZoneException("A library wraps it.", e);
            }
        }));
        var awaiting = lane.Hub.Spawn(static () => Greenlet.WithTimeoutAsync(_second, static async _ =>
        {
            try
            {
                await Greenlet.SleepAsync(TimeSpan.FromSeconds(5));
            }
            catch (GreenletTimeoutException e)
            {
                throw new InvalidTimeZoneException("A library wraps it.", e);
            }
        }));
        await lane.Until(() => blocking.Status == GreenletStatus.Waiting && awaiting.Status == GreenletStatus.Waiting, "both wait");
        await lane.Settle();
        lane.Time.Advance(_second);

        await lane.Ended(blocking);
        await lane.Ended(awaiting);
        Assert.IsType<GreenletTimeoutException>(blocking.Exception);
        Assert.IsType<GreenletTimeoutException>(awaiting.Exception);
    }

    [Theory, Loops]
    public async Task OwnError_AsItIs_KeepsThePlaceWhereItWasThrown(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var blocking = lane.Hub.Spawn(static () => Greenlet.WithTimeout(_second, TheWait));
        var awaiting = lane.Hub.Spawn(static () => Greenlet.WithTimeoutAsync(_second, static _ => TheWaitAsync()));
        await lane.Until(() => blocking.Status == GreenletStatus.Waiting && awaiting.Status == GreenletStatus.Waiting, "both wait");
        await lane.Settle();
        lane.Time.Advance(_second);

        await lane.Ended(blocking);
        await lane.Ended(awaiting);
        Assert.Contains(nameof(TheWait), blocking.Exception!.StackTrace, StringComparison.Ordinal);
        Assert.Contains(nameof(TheWaitAsync), awaiting.Exception!.StackTrace, StringComparison.Ordinal);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TheWait() => Greenlet.Sleep(TimeSpan.FromSeconds(5));

    private static async Task TheWaitAsync() => await Greenlet.SleepAsync(TimeSpan.FromSeconds(5));
}
