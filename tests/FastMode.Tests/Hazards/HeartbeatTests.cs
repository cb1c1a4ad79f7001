using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.FastMode.Tests.Hazards;

/// <summary>Where woven code must not wait by returning it blocks a thread, and others of its hub go on meanwhile.</summary>
public sealed class HeartbeatTests : IAsyncDisposable
{
    private readonly CarrierPool _pool = new(new CarrierOptions { IdleTimeout = TimeSpan.FromMilliseconds(500) });
    private readonly WovenCode _code = new();
    private readonly Hub _hub;
    private int _beats;

    public HeartbeatTests()
    {
        _hub = new Hub(new HubOptions { Name = "heart", Carriers = _pool });
        _hub.Start();
    }

    [Theory]
    [InlineData("HoldLock", 1)]
    [InlineData("Pinned", 3)]
    [InlineData("Foreign", 4)]
    public async Task Wait_ThatIsPinned_LetsOthersRun(string method, int value)
    {
        var heart = _hub.Spawn(Beat);
        var greenlet = _hub.Spawn(_code.Function<int>(method));
        await Until(() => greenlet.Status == GreenletStatus.Waiting, "it waits");
        var beats = Volatile.Read(ref _beats);
        await Until(() => Volatile.Read(ref _beats) > beats + 3, "the heart beats on");

        _code.Source.SetResult(1);

        Assert.Equal(value, await Deadline.For(_hub.Bridge.AsTask(greenlet), "its value", Snapshot));
        heart.Kill();
    }

    [Fact]
    public async Task Lock_HeldOnACarrierAndWantedByWovenCode_DoesNotStopTheHub()
    {
        var holder = _hub.Spawn(_code.Function<int>("HoldLock"));
        await Until(() => _code.Log.Contains("locked", StringComparison.Ordinal), "the lock is held");
        var wanting = _hub.Spawn(_code.Function<int>("TakeLock"));
        var heart = _hub.Spawn(Beat);
        await Until(() => Volatile.Read(ref _beats) > 3, "the heart beats");
        Assert.False(wanting.IsReady);

        _code.Source.SetResult(1);

        Assert.Equal(1, await Deadline.For(_hub.Bridge.AsTask(holder), "the holder's value", Snapshot));
        Assert.Equal(2, await Deadline.For(_hub.Bridge.AsTask(wanting), "the other's value", Snapshot));
        heart.Kill();
    }

    [Fact]
    public async Task Kill_OfAPinnedWait_ReachesIt()
    {
        var greenlet = _hub.Spawn(_code.Function<int>("Pinned"));
        await Until(() => greenlet.Status == GreenletStatus.Waiting, "it waits");

        greenlet.Kill();

        await Until(() => greenlet.IsReady, "it ends");
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    public async ValueTask DisposeAsync()
    {
        _code.Source.TrySetResult(0);
        await Deadline.For(_hub.StopAsync(TimeSpan.Zero), "the hub stops", Snapshot);
        await Until(() => _pool.Busy == 0, "every carrier is back");
    }

    private async Task Beat()
    {
        while (true)
        {
            Interlocked.Increment(ref _beats);
            await Greenlet.SleepAsync(TimeSpan.FromMilliseconds(1));
        }
    }

    private Task Until(Func<bool> condition, string what) => Deadline.Until(condition, what, Snapshot);

    private string Snapshot() => _hub.Snapshot().ToString();
}
