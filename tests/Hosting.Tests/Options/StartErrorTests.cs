using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GreenletBridge.Hosting.Tests.Options;

public class StartErrorTests
{
    [Theory]
    [InlineData("Requests:Hubs", "0", "GreenletBridge:Requests:Hubs is 0; allowed: 1 to 256.")]
    [InlineData("Requests:Hubs", "abc", "GreenletBridge:Requests:Hubs is \"abc\"; allowed: a whole number, 1 to 256.")]
    [InlineData("Requests:Loop", "gevent", "GreenletBridge:Requests:Loop is \"gevent\"; allowed: Threads, Scheduler.")]
    [InlineData("Requests:Loop", "7", "GreenletBridge:Requests:Loop is \"7\"; allowed: Threads, Scheduler.")]
    [InlineData("Requests:Completion", "Never", "GreenletBridge:Requests:Completion is \"Never\"; allowed: Immediate, AfterExit.")]
    [InlineData("Requests:KillOnDisconnect", "perhaps", "GreenletBridge:Requests:KillOnDisconnect is \"perhaps\"; allowed: true, false.")]
    [InlineData("Requests:KillOnDisconnect", "", "GreenletBridge:Requests:KillOnDisconnect is \"\"; allowed: true, false.")]
    [InlineData("Requests:KillGrace", "00:02:00", "GreenletBridge:Requests:KillGrace is 00:02:00; allowed: 00:00:00 to 00:01:00.")]
    [InlineData("Requests:MaxBlockingTime", "00:00:00", "GreenletBridge:Requests:MaxBlockingTime is 00:00:00; allowed: 00:00:00.001 to 01:00:00.")]
    [InlineData("Requests", "5", "GreenletBridge:Requests is \"5\"; allowed: an object with {requests}.")]
    [InlineData("Carriers:Max", "0", "GreenletBridge:Carriers:Max is 0; allowed: 1 to 20000.")]
    [InlineData("Carriers:Max", "10001", "GreenletBridge:Carriers:Max is 10001; allowed: at most Carriers:HardMax (10000).")]
    [InlineData("Carriers:StackSize", "1000", "GreenletBridge:Carriers:StackSize is 1000; allowed: 0, or from 65536 bytes.")]
    [InlineData("Carriers:IdleTimeout", "00:00:00", "GreenletBridge:Carriers:IdleTimeout is 00:00:00; allowed: 00:00:01 to 1.00:00:00.")]
    [InlineData("DrainTimeout", "abc", "GreenletBridge:DrainTimeout is \"abc\"; allowed: a time span hh:mm:ss, as in 00:00:30 or 00:00:00.250, 00:00:00 to 1.00:00:00.")]
    [InlineData("DrainTimeout", "30", "GreenletBridge:DrainTimeout is \"30\"; allowed: a time span hh:mm:ss, as in 00:00:30 or 00:00:00.250, 00:00:00 to 1.00:00:00.")]
    [InlineData("DrainTimeout", null, "GreenletBridge:DrainTimeout is missing; allowed: a time span hh:mm:ss, as in 00:00:30 or 00:00:00.250, 00:00:00 to 1.00:00:00.")]
    [InlineData("DrainTimeout", "-00:00:01", "GreenletBridge:DrainTimeout is -00:00:01; allowed: 00:00:00 to 1.00:00:00.")]
    [InlineData("DrainTimeout", "00:00:30", "GreenletBridge:DrainTimeout is 00:00:30; allowed: less than HostOptions.ShutdownTimeout (00:00:30).")]
    [InlineData("DrainTimeout:Seconds", "30", "GreenletBridge:DrainTimeout is an object; allowed: a time span hh:mm:ss, as in 00:00:30 or 00:00:00.250, 00:00:00 to 1.00:00:00.")]
    [InlineData("Health:DegradedLag", "00:00:06", "GreenletBridge:Health:DegradedLag is 00:00:06; allowed: at most Health:UnhealthyLag (00:00:05).")]
    [InlineData("Hubs", "legacy", "GreenletBridge:Hubs is \"legacy\"; allowed: an object of hubs by name.")]
    [InlineData("Hubs:legacy", "Exclusive", "GreenletBridge:Hubs:legacy is \"Exclusive\"; allowed: an object with Exclusive, StrictExclusive, Loop, BlockingPolicy, MaxBlockingTime, Concurrency, QueueLimit.")]
    [InlineData("Hubs:legacy:Loop", "x", "GreenletBridge:Hubs:legacy:Loop is \"x\"; allowed: Threads, Scheduler.")]
    [InlineData("Hubs:legacy:MaxBlockingTime", "02:00:00", "GreenletBridge:Hubs:legacy:MaxBlockingTime is 02:00:00; allowed: 00:00:00.001 to 01:00:00.")]
    [InlineData("Hubs:legacy:BlockingPolicy", "HandOff", "GreenletBridge:Hubs:legacy:BlockingPolicy is HandOff; allowed: Report, as Exclusive is true.")]
    [InlineData("Hubs:requests:Exclusive", "true", "GreenletBridge:Hubs:requests is no name for a hub; allowed: letters, digits, - and _, but not requests or requests-….")]
    [InlineData("Request:Hubs", "1", "GreenletBridge:Request is not a setting; known here: Hubs, Requests, Carriers, DrainTimeout, Health, Diagnostics.")]
    [InlineData("Requests:BlockingPolicy", "Ignore", "GreenletBridge:Requests:BlockingPolicy is \"Ignore\"; allowed: Report, HandOff.")]
    [InlineData("Requests:MaxBlockingTime", "-00:00:01", "GreenletBridge:Requests:MaxBlockingTime is -00:00:01; allowed: 00:00:00.001 to 01:00:00.")]
    [InlineData("Hubs:legacy:BlockingPolicy", "Ignore", "GreenletBridge:Hubs:legacy:BlockingPolicy is \"Ignore\"; allowed: Report, HandOff.")]
    [InlineData("Hubs:legacy:MaxBlockingTime", "00:00:00", "GreenletBridge:Hubs:legacy:MaxBlockingTime is 00:00:00; allowed: 00:00:00.001 to 01:00:00.")]
    [InlineData("Requests:Concurrency", "0", "GreenletBridge:Requests:Concurrency is 0; allowed: 1 to 100000.")]
    [InlineData("Requests:Concurrency", "-5", "GreenletBridge:Requests:Concurrency is -5; allowed: 1 to 100000.")]
    [InlineData("Requests:QueueLimit", "5", "GreenletBridge:Requests:QueueLimit is 5; allowed: none, as Concurrency is not set and nothing waits for it.")]
    [InlineData("Requests:LaneQueueLimit", "-1", "GreenletBridge:Requests:LaneQueueLimit is -1; allowed: 0 to 1000000.")]
    [InlineData("Hubs:legacy:Concurrency", "0", "GreenletBridge:Hubs:legacy:Concurrency is 0; allowed: 1 to 100000.")]
    [InlineData("Hubs:legacy:QueueLimit", "5", "GreenletBridge:Hubs:legacy:QueueLimit is 5; allowed: none, as Concurrency is not set and nothing waits for it.")]
    [InlineData("Requests:Hub", "1", "GreenletBridge:Requests:Hub is not a setting; known here: {requests}.")]
    public async Task Start_WrongSetting_NamesKeyValueAndWhatIsAllowed(string key, string? value, string expected)
    {
        var errors = await Settings.StartErrorsAsync([($"GreenletBridge:{key}", value)]);

        var requests = string.Join(", ", typeof(RequestSettings).GetProperties().Select(setting => setting.Name));
        Assert.Equal([expected.Replace("{requests}", requests, StringComparison.Ordinal)], errors);
    }

    [Fact]
    public async Task Start_SeveralWrongSettings_NamesEachOnce()
    {
        var errors = await Settings.StartErrorsAsync([("GreenletBridge:Requests:Hubs", "x"), ("GreenletBridge:DrainTimeout", "y"), ("GreenletBridge:Typo", "z")]);

        Assert.Equal(3, errors.Count);
    }

    [Fact]
    public async Task Start_NegativeQueueLimit_IsRefused()
    {
        var errors = await Settings.StartErrorsAsync([("GreenletBridge:Requests:Concurrency", "1"), ("GreenletBridge:Requests:QueueLimit", "-1")]);

        Assert.Equal(["GreenletBridge:Requests:QueueLimit is -1; allowed: 0 to 1000000."], errors);
    }

    [Fact]
    public async Task Start_HubAddedTwiceByCode_IsRefusedAndNamed()
    {
        var errors = await Settings.StartErrorsAsync([], services => services
            .AddGreenletBridge(options => options.AddHub("legacy"))
            .AddGreenletBridge(options => options.AddHub("Legacy", hub => hub.Exclusive = false)));

        Assert.Equal(
            ["GreenletBridge:Hubs:Legacy was added twice by AddHub; names are case-insensitive. Add it once, and change it by options.Hubs[\"Legacy\"]."], errors);
    }

    [Fact]
    public async Task Start_WrongSettingBesidesAHealthCheck_IsToldOnce()
    {
        var errors = await Settings.StartErrorsAsync(
            [("GreenletBridge:Requests:Hubs", "0")], services => services.AddHealthChecks().AddGreenletHub());

        Assert.Equal(["GreenletBridge:Requests:Hubs is 0; allowed: 1 to 256."], errors);
    }

    [Fact]
    public async Task Start_StrictExclusiveOnAHubThatIsNot_IsRefused()
    {
        var errors = await Settings.StartErrorsAsync([("GreenletBridge:Hubs:a:Exclusive", "false"), ("GreenletBridge:Hubs:a:StrictExclusive", "true")]);

        Assert.Equal(["GreenletBridge:Hubs:a:StrictExclusive is True; allowed: false, as Exclusive is false."], errors);
    }

    [Fact]
    public async Task Start_WrongValueSetByCode_IsRefusedLikeOneInConfiguration()
    {
        var errors = await Settings.StartErrorsAsync([], services => services.AddGreenletBridge(options =>
        {
            options.Requests.Hubs = 257;
            options.AddHub("legacy", hub => hub.Loop = (HubLoop)9);
        }));

        Assert.Equal(
            ["GreenletBridge:Hubs:legacy:Loop is 9; allowed: Threads, Scheduler.", "GreenletBridge:Requests:Hubs is 257; allowed: 1 to 256."],
            errors.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Start_DrainTimeoutNotUnderAShutdownTimeoutSetByCode_IsRefused()
    {
        var errors = await Settings.StartErrorsAsync([], services => services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10)));

        Assert.Equal(["GreenletBridge:DrainTimeout is 00:00:20; allowed: less than HostOptions.ShutdownTimeout (00:00:10)."], errors);
    }
}
