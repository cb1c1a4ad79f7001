namespace GreenletBridge.Core.Conformance.TaskToGreenlet;

/// <summary>Rows: 1,000 calls, one after the other or at once; what a call that completes on the spot costs.</summary>
[Collection(nameof(WholeProcess)), Trait("Size", "Large")]
public sealed class ManyCallsTests
{
    private const int Calls = 1_000;

    [Theory, Loops]
    public async Task ThousandCallsOneAfterTheOther_LeaveNothingBehind(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var call = Call(lane);
        void CallAll()
        {
            for (var i = 0; i < Calls; i++)
                Assert.Equal(i, call(i));
        }

        await lane.For(HubUnderTest.OnPlainThread(() => { CallAll(); return 0; }), "the calls to warm up");
        var leaks = Watch();
        await lane.For(HubUnderTest.OnPlainThread(() => { CallAll(); return 0; }), "the calls");
        leaks.Verify();
    }

    [Theory, Loops]
    public async Task ThousandCallsAtOnceFromEightThreads_LeaveNothingBehind(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var call = Call(lane);
        Task CallAll() => Task.WhenAll(Enumerable.Range(0, 8).Select(thread => HubUnderTest.OnPlainThread(() =>
        {
            for (var i = 0; i < Calls / 8; i++)
                Assert.Equal(thread + i, call(thread + i));
            return 0;
        })));

        await lane.For(CallAll(), "the calls to warm up");
        var leaks = Watch();
        await lane.For(CallAll(), "the calls");
        leaks.Verify();
    }

    [Theory, Loops]
    public async Task ThousandCallsPendingAtOnceOnGreenlets_LeaveNothingBehind(HubLoop loop)
    {
        // How many carriers a burst takes is a matter of luck by a few: they have to go before the process is looked at.
        var pool = new CarrierPool(new CarrierOptions { IdleTimeout = TimeSpan.FromMilliseconds(100) });
        await using var lane = new HubUnderTest(loop, configure: options => options.Carriers = pool);
        async Task CallAll()
        {
            var gate = new TaskCompletionSource();
            var call = lane.Bridge.AsyncToSync(async (int i) =>
            {
                await gate.Task;
                return i;
            });
            var all = Enumerable.Range(0, Calls).Select(i => lane.Bridge.RunAsync(() => call(i))).ToArray();
            await lane.Until(() => lane.Hub.Snapshot().Waiting >= 900, "the calls wait");
            gate.SetResult();
            await lane.For(Task.WhenAll(all), "the calls");
            await lane.Until(() => pool.Count <= 1, $"the carriers have gone");
        }

        await CallAll();
        var leaks = Watch();
        await CallAll();
        leaks.Verify();
    }

    [Theory, Loops]
    public async Task CallThatCompletesOnTheSpot_AllocatesNothingOfItsOwn(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var done = Task.FromResult("done");
        var none = lane.Bridge.AsyncToSync(() => Task.CompletedTask);
        var value = lane.Bridge.AsyncToSync(() => done);
        var one = lane.Bridge.AsyncToSync((string _) => done);
        var four = lane.Bridge.AsyncToSync((int _, int _, int _, string _) => Task.CompletedTask);
        var allocated = lane.Bridge.RunAsync(() =>
        {
            // Tiered compilation replaces a method after some thirty calls; until then it may allocate for boxes that vanish later.
            var least = long.MaxValue;
            for (var i = 0; i < 200; i++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                none();
                value();
                one("");
                four(1, 2, 3, "");
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            return least;
        });

        Assert.Equal(0, await lane.For(allocated, "the calls"));
    }

    private static Func<int, int> Call(HubUnderTest lane) => lane.Bridge.AsyncToSync(async (int i) =>
    {
        await Greenlet.YieldAsync();
        return i;
    });

    // The pool's own threads come and go as it likes: the engine's are counted by name.
    private static LeakCheck Watch() =>
        LeakCheck.Start(LeakLimits.WholeProcess with { ThreadNamePrefix = "greenlet", Settle = TimeSpan.FromSeconds(20) });
}
