using GreenletBridge.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting.Tests.Options;

public sealed class SettingsReloadTests : IAsyncLifetime
{
    private readonly RecordingLoggerProvider _logs = new();
    private readonly ChangingSource _source = new();
    private readonly IHost _host;
    private bool _broken;

    public SettingsReloadTests()
    {
        _source.Replace(("GreenletBridge:Requests:Hubs", "1"), ("GreenletBridge:Requests:Concurrency", "2"), ("GreenletBridge:Hubs:legacy:Concurrency", "1"));
        _host = Settings.Host(
            [],
            services => services
                .AddLogging(logging => logging.AddProvider(_logs))
                .AddGreenletBridge(options =>
                {
                    options.Health.UnhealthyLag = TimeSpan.FromSeconds(7);
                    if (_broken)
                        throw new IOException("the file is gone");
                }),
            _source);
    }

    private HubSet Hubs => _host.Services.GetRequiredService<HubSet>();

    private GreenletBridgeOptions Current => _host.Services.GetRequiredService<CurrentSettings>().Value;

    public async ValueTask InitializeAsync() => await _host.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Deadline.For(_host.StopAsync(TestContext.Current.CancellationToken), "the stop");
        _host.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public void Reload_LimitsThresholdsAndTimes_TakeEffectAndAreLogged()
    {
        Reload(
            ("Requests:Concurrency", "5"), ("Requests:QueueLimit", "7"), ("Hubs:legacy:Concurrency", "3"), ("Health:DegradedLag", "00:00:01"),
            ("Requests:KillOnDisconnect", "false"), ("DrainTimeout", "00:00:03"), ("Hubs:legacy:MaxBlockingTime", "00:00:02"));

        Assert.Equal((5, 7), (Hubs.Requests.Limit.Concurrency, Hubs.Requests.Limit.QueueLimit));
        Assert.Equal(3, Hubs.Target("legacy").Limit.Concurrency);
        Assert.Equal(TimeSpan.FromSeconds(1), Current.Health.DegradedLag);
        Assert.False(Current.Requests.KillOnDisconnect);
        Assert.Equal(TimeSpan.FromSeconds(3), Current.DrainTimeout);
        Assert.Equal(TimeSpan.FromSeconds(2), Hubs.Target("legacy").Hubs[0].MaxBlockingTime);
        Assert.Equal(7, _logs.Named("SettingChanged").Count);
        Assert.Contains(_logs.Named("SettingChanged"), entry => entry.Message == "GreenletBridge:Requests:Concurrency is 5 now; it was 2.");
        Assert.Contains(_logs.Named("SettingChanged"), entry => entry.Message == "GreenletBridge:Requests:QueueLimit is 7 now; it was not set.");
    }

    [Fact]
    public void Reload_KillsAndDiagnostics_TakeEffect()
    {
        Reload(
            ("Requests:KillGrace", "00:00:00.300"), ("Requests:MaxBlockingTime", "00:00:01"), ("Requests:Completion", "Immediate"),
            ("Diagnostics:LogScopes", "false"), ("Diagnostics:CaptureStacks", "true"), ("Diagnostics:DumpOnSignal", "true"));

        Assert.All(Hubs.All, hub => Assert.Equal(TimeSpan.FromMilliseconds(300), hub.KillGrace));
        Assert.All(Hubs.Requests.Hubs, hub => Assert.Equal(TimeSpan.FromSeconds(1), hub.MaxBlockingTime));
        Assert.All(Hubs.All, hub => Assert.True(hub.CapturesStacks));
        Assert.True(_host.Services.GetRequiredService<CallPolicy>().CompletesAtOnce);
        Assert.Equal(6, _logs.Named("SettingChanged").Count);
        Assert.Empty(_logs.Named("SettingNeedsRestart"));
    }

    [Fact]
    public void Reload_EverySettingThatIsNotLive_IsNamedAsTakingARestart()
    {
        var before = SettingList.Of(Current);
        Reload(
            ("Requests:Hubs", "4"), ("Requests:Loop", "Scheduler"), ("Requests:BlockingPolicy", "Report"), ("Carriers:StackSize", "131072"),
            ("Hubs:legacy:Exclusive", "false"), ("Hubs:legacy:Loop", "Scheduler"), ("Hubs:legacy:BlockingPolicy", "HandOff"));
        Reload(("Hubs:legacy:BlockingPolicy", "Report"), ("Hubs:legacy:Exclusive", "true"), ("Hubs:legacy:StrictExclusive", "true"));

        Assert.Equal(
            before.Where(setting => !setting.Value.IsLive).Select(setting => setting.Key).Order(StringComparer.Ordinal),
            _logs.Named("SettingNeedsRestart").Select(entry => (string)entry["Key"]!).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Reload_WhatTakesARestart_StaysAndIsNamedOnce()
    {
        Reload(("Requests:Hubs", "4"), ("Hubs:legacy:Exclusive", "false"), ("Hubs:reports:Exclusive", "true"));
        Reload(("Requests:Hubs", "4"));

        Assert.Single(Hubs.Requests.Hubs);
        Assert.Equal(
            [
                "GreenletBridge:Hubs:legacy:Exclusive was changed to False, which takes a restart; until then it is True.",
                "GreenletBridge:Requests:Hubs was changed to 4, which takes a restart; until then it is 1.",
            ],
            _logs.Named("SettingNeedsRestart").Select(entry => entry.Message).Order(StringComparer.Ordinal));
        Assert.Equal("Hub reports was added to the settings, which takes a restart; until then there is none.", Assert.Single(_logs.Named("HubNeedsRestart")).Message);
    }

    [Fact]
    public void Reload_BackToWhatIsInForceAndAwayAgain_IsNamedAgain()
    {
        Reload(("Requests:Hubs", "4"));
        Reload(("Requests:Hubs", "1"));
        Reload(("Requests:Hubs", "4"));

        Assert.Equal(2, _logs.Named("SettingNeedsRestart").Count);
    }

    [Fact]
    public void Reload_OneWrongSetting_ChangesNothingAndSaysWhy()
    {
        Reload(("Requests:Concurrency", "5"), ("Health:DegradedLag", "never"));

        Assert.Equal(2, Hubs.Requests.Limit.Concurrency);
        Assert.Equal(
            "The changed settings are wrong; those in force stay. GreenletBridge:Health:DegradedLag is \"never\"; allowed: "
            + "a time span hh:mm:ss, as in 00:00:30 or 00:00:00.250, 00:00:00.001 to 01:00:00.",
            Assert.Single(_logs.Named("SettingsWrong")).Message);
        Assert.Empty(_logs.Named("SettingChanged"));
    }

    [Fact]
    public void Reload_WhatCodeHasSet_StaysAsCodeSetIt()
    {
        Reload(("Health:UnhealthyLag", "00:00:09"), ("Requests:Concurrency", "5"));

        Assert.Equal(TimeSpan.FromSeconds(7), Current.Health.UnhealthyLag);
        Assert.Equal(5, Hubs.Requests.Limit.Concurrency);
    }

    [Fact]
    public void Reload_NothingChanged_SaysNothing()
    {
        Reload();

        Assert.DoesNotContain(_logs.Entries, entry => entry.Category.EndsWith(nameof(SettingsReload), StringComparison.Ordinal));
    }

    [Fact]
    public void Reload_AHubIsGone_StaysAndIsNamed()
    {
        _source.Replace(("GreenletBridge:Requests:Hubs", "1"), ("GreenletBridge:Requests:Concurrency", "2"));

        Assert.Equal(1, Hubs.Target("legacy").Limit.Concurrency);
        Assert.Equal("Hub legacy was removed from the settings, which takes a restart; until then it runs.", Assert.Single(_logs.Named("HubStays")).Message);
    }

    [Fact]
    public void Reload_CannotBeRead_ChangesNothingAndSaysWhy()
    {
        _broken = true;

        Reload(("Requests:Concurrency", "5"));

        Assert.Equal(2, Hubs.Requests.Limit.Concurrency);
        Assert.Equal("the file is gone", Assert.Single(_logs.Named("SettingsUnreadable")).Exception?.Message);
    }

    private void Reload(params (string Key, string Value)[] settings)
    {
        var configuration = (IConfigurationRoot)_host.Services.GetRequiredService<IConfiguration>();
        foreach (var (key, value) in settings)
        {
            configuration[$"GreenletBridge:{key}"] = value;
        }

        configuration.Reload();
    }
}
