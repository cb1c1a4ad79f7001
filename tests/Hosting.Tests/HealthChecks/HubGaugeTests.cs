using GreenletBridge.TestSupport;

namespace GreenletBridge.Hosting.Tests.HealthChecks;

public class HubGaugeTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly Queue<Action> _posted = new();

    [Fact]
    public void Lag_WhileTheProbeIsOut_IsItsAge()
    {
        var gauge = new HubGauge(_time, _posted.Enqueue);
        gauge.Probe();

        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.True(gauge.IsOut);
        Assert.Equal(TimeSpan.FromSeconds(3), gauge.Lag);
    }

    [Fact]
    public void Lag_AfterTheProbeCameBack_IsHowLongItTook()
    {
        var gauge = new HubGauge(_time, _posted.Enqueue);
        gauge.Probe();
        _time.Advance(TimeSpan.FromSeconds(3));
        _posted.Dequeue()();

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.False(gauge.IsOut);
        Assert.Equal(TimeSpan.FromSeconds(3), gauge.Lag);
        gauge.Forget();
        Assert.Equal(TimeSpan.Zero, gauge.Lag);
    }

    [Fact]
    public void Probe_OneIsOut_SendsNoSecond()
    {
        var gauge = new HubGauge(_time, _posted.Enqueue);

        gauge.Probe();
        gauge.Probe();

        Assert.Single(_posted);
    }

    [Fact]
    public void Probe_NobodyTakesWork_IsNotOut()
    {
        var gauge = new HubGauge(_time, _ => throw new HubStoppedException("stopped"));

        gauge.Probe();

        Assert.False(gauge.IsOut);
    }
}
