using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace GreenletBridge.Hosting.Tests.DependencyInjection;

public class AddGreenletBridgeTests
{
    [Fact]
    public void AddGreenletBridge_CalledThreeWays_DoublesNoService()
    {
        var once = new ServiceCollection().AddGreenletBridge();
        var section = new ConfigurationBuilder().Build().GetSection("GreenletBridge");

        var thrice = new ServiceCollection().AddGreenletBridge(_ => { }).AddGreenletBridge(section).AddGreenletBridge();

        var added = thrice.Where(service => service.ServiceType != typeof(BoundSection)).ToList();
        Assert.Equal(once.Count + 1, added.Count);
        Assert.Distinct(added.Where(service => service.ServiceType == typeof(IHostedService)).Select(service => service.ImplementationType));
        Assert.Single(added, service => service.ServiceType == typeof(HubSet));
    }

    [Fact]
    public void AddGreenletBridge_CalledTwice_AddsToWhatTheFirstCallSet()
    {
        var options = Settings.Read([], services => services
            .AddGreenletBridge(o => o.AddHub("a").Requests.Hubs = 2)
            .AddGreenletBridge(o => o.AddHub("b")));

        Assert.Equal(2, options.Requests.Hubs);
        Assert.Equal(["a", "b"], options.Hubs.Keys.Order());
    }

    [Fact]
    public void AddGreenletBridge_Null_Throws()
    {
        Assert.Throws<ArgumentNullException>(() => ((IServiceCollection)null!).AddGreenletBridge());
        Assert.Throws<ArgumentNullException>(() => new ServiceCollection().AddGreenletBridge((Action<GreenletBridgeOptions>)null!));
        Assert.Throws<ArgumentNullException>(() => new ServiceCollection().AddGreenletBridge((IConfigurationSection)null!));
    }

    [Fact]
    public void Bridge_KeyedByTheNameOfAHub_RunsOnThatHub()
    {
        using var host = Settings.Host([("GreenletBridge:Hubs:legacy:Exclusive", "true")]);

        var keyed = host.Services.GetRequiredKeyedService<IGreenletBridge>("legacy");

        Assert.Same(host.Services.GetRequiredService<HubSet>().Target("legacy").Bridge, keyed);
        Assert.NotSame(host.Services.GetRequiredService<IGreenletBridge>(), keyed);
    }

    [Fact]
    public void Bridge_KeyedByAnUnknownName_NamesTheKnownOnes()
    {
        using var host = Settings.Host([], services => services.AddGreenletBridge(options => options.AddHub("legacy").AddHub("reports")));

        var exception = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredKeyedService<IGreenletBridge>("legcy"));

        Assert.Contains("no hub named 'legcy'; known hubs: legacy, reports", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddGreenletHub_WithoutAddGreenletBridge_FailsTheStartAndNamesTheCall()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHealthChecks().AddGreenletHub();
        using var host = builder.Build();

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("AddGreenletHub needs", exception.Message, StringComparison.Ordinal);
        Assert.Contains("services.AddGreenletBridge()", exception.Message, StringComparison.Ordinal);
    }
}
