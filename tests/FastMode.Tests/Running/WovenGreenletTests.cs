using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.FastMode.Tests.Running;

/// <summary>Woven code as a greenlet: it waits without a thread, and is killed, traced and timed as any greenlet.</summary>
public sealed class WovenGreenletTests : IAsyncDisposable
{
    private readonly CarrierPool _pool = new(new CarrierOptions { IdleTimeout = TimeSpan.FromMilliseconds(500) });
    private readonly WovenCode _code = new();
    private readonly Hub _hub;

    public WovenGreenletTests()
    {
        // Threads are counted: a machine that is busy must not make the watchdog take a thread that does not get on for one that blocks.
        _hub = new Hub(new HubOptions { Name = "woven", Carriers = _pool, MaxBlockingTime = TimeSpan.FromHours(1) });
        _hub.Start();
    }

    [Fact]
    public async Task Wait_OfManyGreenlets_HoldsNoThreads()
    {
        var greenlets = Enumerable.Range(0, 2_000).Select(_ => _hub.Spawn(_code.Function<int>("WaitTask"))).ToList();
        await Until(() => _hub.Snapshot().Waiting == greenlets.Count, "all wait");
        Assert.InRange(_pool.Count, 1, 3);

        _code.Source.SetResult(41);
        foreach (var greenlet in greenlets)
            Assert.Equal(42, await For(_hub.Bridge.AsTask(greenlet)));
        Assert.InRange(_pool.Count, 1, 3);
    }

    [Theory]
    [InlineData("OfAClass")]
    [InlineData("OfAStruct")]
    [InlineData("GenericVirtual")]
    [InlineData("ByReference")]
    [InlineData("Interpolated")]
    [InlineData("Constructed")]
    [InlineData("Selected")]
    [InlineData("Enumerated")]
    [InlineData("Tested")]
    [InlineData("ForEach")]
    public async Task Wait_InAnyKindOfCall_HoldsNoThreads(string method)
    {
        var greenlets = Enumerable.Range(0, 200).Select(_ => _hub.Spawn(_code.Function<int>(method))).ToList();
        await Until(() => _hub.Snapshot().Waiting == greenlets.Count, "all wait");
        Assert.InRange(_pool.Count, 1, 3);

        _code.Source.SetResult(1);
        foreach (var greenlet in greenlets)
            Assert.Equal(1, await For(_hub.Bridge.AsTask(greenlet)));
    }

    /// <summary>The runtime has one method for all of them whose type argument is a reference.</summary>
    [Theory]
    [InlineData("Closures", "String 1 a", "Version 1 1.2", "String 1 b", "Int32 1 3")]
    [InlineData(
        "Groups", "String 1", "Version 1", "String 1 of it", "Version 1 of it", "String 1 of its type", "Version 1 of its type", "String 1 of the type", "Version 1 of the type")]
    public async Task Delegate_OfGenericCode_IsThatOfItsTypeArgument(string delegates, params string[] names)
    {
        var greenlets = _code.Function<Func<string>[]>(delegates)().Select(code => _hub.Spawn(code)).ToList();
        await Until(() => _hub.Snapshot().Waiting == greenlets.Count, "all wait");
        Assert.InRange(_pool.Count, 1, 3);

        _code.Source.SetResult(1);
        Assert.Equal(names, await Task.WhenAll(greenlets.Select(g => For(_hub.Bridge.AsTask(g)))));
    }

    [Fact]
    public async Task Kill_InASleepDeepInFrames_RunsEveryFinallyAndEndsKilled()
    {
        var greenlet = _hub.Spawn(_code.Action("SleepLongDeep"));
        await Until(() => greenlet.Status == GreenletStatus.Waiting, "it sleeps");

        greenlet.Kill();

        await Until(() => greenlet.IsReady, "it ends");
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.Equal("begin finally middle caught GreenletExitException outer", _code.Log);
    }

    [Fact]
    public async Task Kill_InAFinallyBlock_EndsItAndRunsTheOuterOne()
    {
        var greenlet = _hub.Spawn(_code.Action("SleepInFinally"));
        await Until(() => greenlet.Status == GreenletStatus.Waiting, "it sleeps");
        Assert.InRange(_pool.Busy, 0, 1);

        greenlet.Kill();

        await Until(() => greenlet.IsReady, "it ends");
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.Equal("t f end", _code.Log);
    }

    [Fact]
    public async Task Kill_ThatIsCaught_LetsItLiveOn()
    {
        var greenlet = _hub.Spawn(_code.Action("Survive"));
        await Until(() => greenlet.Status == GreenletStatus.Waiting, "it sleeps");

        greenlet.Kill();

        await Until(() => greenlet.IsReady, "it ends");
        Assert.Equal(GreenletStatus.Completed, greenlet.Status);
        Assert.Equal("survived on", _code.Log);
    }

    [Theory]
    [InlineData(true, "GreenletExitException")]
    [InlineData(false, "went on")]
    public async Task Yield_WithAnotherThatRunsMeanwhile_IsKilledByIt(bool kills, string log)
    {
        Greenlet? greenlet = null;
        await _hub.Spawn(() =>
        {
            // The first runs up to its yield, then the second, then the first comes to its turn
            greenlet = _hub.Spawn(_code.Action("YieldOnce"));
            _hub.Spawn(() =>
            {
                Assert.Equal(GreenletStatus.Waiting, greenlet.Status);
                if (kills)
                    greenlet.Kill();
            });
        });

        await Until(() => greenlet!.IsReady, "it ends");
        Assert.Equal(kills ? GreenletStatus.Killed : GreenletStatus.Completed, greenlet!.Status);
        Assert.Equal(log, _code.Log);
    }

    [Fact]
    public async Task Kill_WithAnExceptionOfOnesOwn_IsThatObject()
    {
        var greenlet = _hub.Spawn(_code.Function<int>("WaitTask"));
        await Until(() => greenlet.Status == GreenletStatus.Waiting, "it waits");
        var mine = new FormatException("mine");

        greenlet.Kill(mine);

        Assert.Same(mine, await Assert.ThrowsAsync<FormatException>(() => For(_hub.Bridge.AsTask(greenlet))));
    }

    [Fact]
    public async Task Stop_WithWovenGreenletsThatWait_KillsThem()
    {
        var greenlets = Enumerable.Range(0, 100).Select(_ => _hub.Spawn(_code.Action("SleepLong"))).ToList();
        await Until(() => _hub.Snapshot().Waiting == greenlets.Count, "all sleep");

        await For(_hub.StopAsync(TimeSpan.Zero));

        Assert.All(greenlets, static g => Assert.Equal(GreenletStatus.Killed, g.Status));
    }

    [Fact]
    public async Task TaskWait_WithATimeout_ReturnsFalseInRealTime()
    {
        Assert.False(await For(_hub.Bridge.AsTask(_hub.Spawn(_code.Function<bool>("WaitTimeout")))));
    }

    [Fact]
    public async Task Sleep_OnAHubWithItsOwnClock_TakesRealTime()
    {
        await using var hub = new Hub(new HubOptions { Name = "clock", Carriers = _pool, TimeProvider = new ManualTimeProvider() });
        hub.Start();
        Assert.False(await For(hub.Bridge.AsTask(hub.Spawn(_code.Function<bool>("WaitTimeout")))));
    }

    [Fact]
    public async Task Exception_AfterAWait_HasTheMethodsInItsTrace()
    {
        var trace = await For(_hub.Bridge.AsTask(_hub.Spawn(_code.Function<string>("Trace"))));

        Assert.Contains("Steps.Inner", trace, StringComparison.Ordinal);
        Assert.Contains("Steps.Outer", trace, StringComparison.Ordinal);
        Assert.Contains("Steps.Trace", trace, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HubLoop.Threads)]
    [InlineData(HubLoop.Scheduler)]
    public async Task Sleep_OnEitherLoop_Ends(HubLoop loop)
    {
        await using var hub = new Hub(new HubOptions { Name = "loop", Carriers = _pool, Loop = loop });
        hub.Start();
        await For(Task.WhenAll(Enumerable.Range(0, 500).Select(_ => hub.Bridge.RunAsync(_code.Action("Sleeper")))));
    }

    [Fact]
    public async Task Begin_OnAHubOnWhichNothingElseRuns_KeepsIdentityAndContext()
    {
        var local = new AsyncLocal<string> { Value = "mine" };
        var greenlet = _hub.Spawn(_code.Function<int>("WaitTask"));
        local.Value = "other";
        await Until(() => greenlet.Status == GreenletStatus.Waiting, "it waits");
        Assert.Contains("Task", _hub.Snapshot().Greenlets[0].WaitingFor, StringComparison.Ordinal);
        _code.Source.SetResult(1);
        Assert.Equal(2, await For(_hub.Bridge.AsTask(greenlet)));
    }

    public async ValueTask DisposeAsync()
    {
        _code.Source.TrySetResult(0);
        await For(_hub.StopAsync(TimeSpan.Zero));
        await Until(() => _pool.Busy == 0, "every carrier is back");
    }

    private Task Until(Func<bool> condition, string what) => Deadline.Until(condition, what, () => _hub.Snapshot().ToString());

    private Task For(Task task) => Deadline.For(task, "the end", () => _hub.Snapshot().ToString());

    private Task<T> For<T>(Task<T> task) => Deadline.For(task, "the end", () => _hub.Snapshot().ToString());
}
