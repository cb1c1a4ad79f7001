using GreenletBridge.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace GreenletBridge.Hosting.Tests.Options;

/// <summary>Whatever of the application's own is called for the options may throw: at the start it is the start's error, at a reload nothing changes.</summary>
public sealed class OptionsCallbackTests : IDisposable
{
    private readonly RecordingLoggerProvider _logs = new();
    private readonly ChangingSource _source = new();
    private bool _throws = true;

    /// <summary>The ways in which an application takes part in making the options.</summary>
    public static TheoryData<string> Callbacks { get; } = ["AddGreenletBridge", "Configure", "PostConfigure", "Validate", "AddHub", "IConfigureOptions"];

    public void Dispose() => _logs.Dispose();

    [Theory]
    [MemberData(nameof(Callbacks))]
    public async Task Start_ACallbackThrows_TheStartFailsWithIt_AndTheHostCanBeDisposed(string callback)
    {
        using var host = HostWith(callback);

        var exception = await Assert.ThrowsAsync<IOException>(() => Deadline.For(host.StartAsync(TestContext.Current.CancellationToken), "the start", _logs.ToString));

        Assert.Equal("the application's own", exception.Message);
    }

    [Theory]
    [MemberData(nameof(Callbacks))]
    public async Task Reload_ACallbackThrows_ChangesNothing_AndTheNextReloadCounts(string callback)
    {
        _throws = false;
        using var host = HostWith(callback);
        await Deadline.For(host.StartAsync(TestContext.Current.CancellationToken), "the start", _logs.ToString);
        var limit = host.Services.GetRequiredService<HubSet>().Requests.Limit;

        _throws = true;
        _source.Replace(("GreenletBridge:Requests:Concurrency", "5"));
        Assert.Equal(2, limit.Concurrency);
        Assert.Equal("the application's own", Assert.Single(_logs.Named("SettingsUnreadable")).Exception?.Message);
        _throws = false;
        _source.Replace(("GreenletBridge:Requests:Concurrency", "6"));

        Assert.Equal(6, limit.Concurrency);
        await Deadline.For(host.StopAsync(TestContext.Current.CancellationToken), "the stop", _logs.ToString);
    }

    [Fact]
    public async Task Reload_ListenersOfTheApplicationThrow_TheSettingsAreInForceAllTheSame()
    {
        _throws = false;
        using var host = HostWith("Configure");
        var configuration = host.Services.GetRequiredService<IConfiguration>();
        // One is told before the hubs' own listener, one after
        using var before = ChangeToken.OnChange(configuration.GetReloadToken, static () => throw new IOException("told first"));
        await Deadline.For(host.StartAsync(TestContext.Current.CancellationToken), "the start", _logs.ToString);
        using var after = ChangeToken.OnChange(configuration.GetReloadToken, static () => throw new IOException("told last"));
        using var monitored = host.Services.GetRequiredService<IOptionsMonitor<GreenletBridgeOptions>>().OnChange(static _ => throw new IOException("told of options"));
        var limit = host.Services.GetRequiredService<HubSet>().Requests.Limit;

        for (var now = 5; now < 8; now++)
        {
            // Who reloads is told of those who threw
            Assert.Throws<AggregateException>(() => _source.Replace(("GreenletBridge:Requests:Concurrency", $"{now}")));
            Assert.Equal(now, limit.Concurrency);
        }

        Assert.Equal(3, _logs.Named("SettingChanged").Count);
        await Deadline.For(host.StopAsync(TestContext.Current.CancellationToken), "the stop", _logs.ToString);
    }

    private IHost HostWith(string callback)
    {
        _source.Replace(("GreenletBridge:Requests:Concurrency", "2"));
        return Settings.Host(
            [],
            services =>
            {
                services.AddLogging(logging => logging.AddProvider(_logs));
                switch (callback)
                {
                    case "AddGreenletBridge":
                        services.AddGreenletBridge(_ => Throw());
                        break;
                    case "Configure":
                        services.Configure<GreenletBridgeOptions>(_ => Throw());
                        break;
                    case "PostConfigure":
                        services.PostConfigure<GreenletBridgeOptions>(_ => Throw());
                        break;
                    case "Validate":
                        services.AddOptions<GreenletBridgeOptions>().Validate(_ =>
                        {
                            Throw();
                            return true;
                        });
                        break;
                    case "AddHub":
                        services.AddGreenletBridge(options => options.AddHub("legacy", _ => Throw()));
                        break;
                    default:
                        services.AddSingleton<IConfigureOptions<GreenletBridgeOptions>>(new ConfigureNamedOptions<GreenletBridgeOptions>("", _ => Throw()));
                        break;
                }
            },
            _source);
    }

    private void Throw()
    {
        if (_throws)
            throw new IOException("the application's own");
    }
}
