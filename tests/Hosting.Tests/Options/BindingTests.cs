using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.Tests.Options;

public class BindingTests
{
    [Fact]
    public void Bind_EverySetting_IsRead()
    {
        var options = Settings.Read(
        [
            ("GreenletBridge:Hubs:legacy:Exclusive", "false"),
            ("GreenletBridge:Hubs:legacy:Loop", "scheduler"),
            ("GreenletBridge:Hubs:legacy:BlockingPolicy", "HandOff"),
            ("GreenletBridge:Hubs:legacy:MaxBlockingTime", "00:00:01"),
            ("GreenletBridge:Hubs:strict:StrictExclusive", "true"),
            ("GreenletBridge:Requests:Hubs", "3"),
            ("GreenletBridge:Requests:Loop", "Threads"),
            ("GreenletBridge:Requests:MaxBlockingTime", "00:00:00.200"),
            ("GreenletBridge:Requests:Completion", "Immediate"),
            ("GreenletBridge:Requests:KillOnDisconnect", "false"),
            ("GreenletBridge:Requests:KillGrace", "00:00:00.010"),
            ("GreenletBridge:Carriers:Max", "7"),
            ("GreenletBridge:Carriers:HardMax", "70"),
            ("GreenletBridge:Carriers:StackSize", "1048576"),
            ("GreenletBridge:Carriers:IdleTimeout", "00:01:00"),
            ("GreenletBridge:DrainTimeout", "00:00:05"),
            ("GreenletBridge:Health:DegradedLag", "00:00:01"),
            ("GreenletBridge:Health:UnhealthyLag", "00:00:02"),
            ("GreenletBridge:Health:UnhealthyBlockedFor", "00:00:03"),
        ]);

        var legacy = options.Hubs["Legacy"];
        Assert.False(legacy.Exclusive);
        Assert.Equal(HubLoop.Scheduler, legacy.Loop);
        Assert.Equal(BlockingPolicy.HandOff, legacy.BlockingPolicy);
        Assert.Equal(TimeSpan.FromSeconds(1), legacy.MaxBlockingTime);
        Assert.True(options.Hubs["strict"].StrictExclusive);
        Assert.Equal(3, options.Requests.Hubs);
        Assert.Equal(HubLoop.Threads, options.Requests.Loop);
        Assert.Equal(TimeSpan.FromMilliseconds(200), options.Requests.MaxBlockingTime);
        Assert.Equal(GreenletCompletion.Immediate, options.Requests.Completion);
        Assert.False(options.Requests.KillOnDisconnect);
        Assert.Equal(TimeSpan.FromMilliseconds(10), options.Requests.KillGrace);
        Assert.Equal(7, options.Carriers.Max);
        Assert.Equal(70, options.Carriers.HardMax);
        Assert.Equal(1048576, options.Carriers.StackSize);
        Assert.Equal(TimeSpan.FromMinutes(1), options.Carriers.IdleTimeout);
        Assert.Equal(TimeSpan.FromSeconds(5), options.DrainTimeout);
        Assert.Equal(TimeSpan.FromSeconds(1), options.Health.DegradedLag);
        Assert.Equal(TimeSpan.FromSeconds(2), options.Health.UnhealthyLag);
        Assert.Equal(TimeSpan.FromSeconds(3), options.Health.UnhealthyBlockedFor);
    }

    [Fact]
    public void Bind_NoSection_LeavesDefaults()
    {
        var options = Settings.Read([]);

        Assert.Empty(options.Hubs);
        Assert.Null(options.Requests.Hubs);
        Assert.Equal(GreenletCompletion.AfterExit, options.Requests.Completion);
        Assert.True(options.Requests.KillOnDisconnect);
        Assert.Equal(TimeSpan.FromSeconds(20), options.DrainTimeout);
    }

    [Fact]
    public void Bind_HubOfWhichNothingIsSet_IsThere()
    {
        var options = Settings.Read([("GreenletBridge:Hubs:legacy", null)]);

        Assert.True(options.Hubs["legacy"].Exclusive);
    }

    [Fact]
    public void Bind_CodeBeforeOrAfterAddGreenletBridge_BeatsConfiguration()
    {
        (string, string?)[] settings = [("GreenletBridge:Requests:Hubs", "3"), ("GreenletBridge:Carriers:Max", "5")];
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Item1, s.Item2)));
        builder.Services.Configure<GreenletBridgeOptions>(options => options.Requests.Hubs = 2);
        builder.Services.AddGreenletBridge(options => options.Carriers.Max = 4);
        using var host = builder.Build();

        var options = host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<GreenletBridgeOptions>>().Value;

        Assert.Equal(2, options.Requests.Hubs);
        Assert.Equal(4, options.Carriers.Max);
    }

    [Fact]
    public void Bind_GivenSection_BeatsTheApplicationsAndCodeBeatsBoth()
    {
        var given = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create<string, string?>("Mine:Requests:Hubs", "4"), KeyValuePair.Create<string, string?>("Mine:DrainTimeout", "00:00:04")])
            .Build()
            .GetSection("Mine");

        var options = Settings.Read(
            [("GreenletBridge:Requests:Hubs", "3"), ("GreenletBridge:Carriers:Max", "5")],
            services => services.AddGreenletBridge(o => o.DrainTimeout = TimeSpan.FromSeconds(1)).AddGreenletBridge(given));

        Assert.Equal(4, options.Requests.Hubs);
        Assert.Equal(5, options.Carriers.Max);
        Assert.Equal(TimeSpan.FromSeconds(1), options.DrainTimeout);
    }
}
