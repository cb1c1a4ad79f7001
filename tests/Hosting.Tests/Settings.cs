using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace GreenletBridge.Hosting.Tests;

/// <summary>Hosts with settings given as <c>key, value</c> pairs.</summary>
internal static class Settings
{
    public static IHost Host(IEnumerable<(string Key, string? Value)> settings, Action<IServiceCollection>? services = null, IConfigurationSource? source = null)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        if (source is not null)
            ((IConfigurationBuilder)builder.Configuration).Add(source);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
        builder.Services.AddGreenletBridge();
        services?.Invoke(builder.Services);
        return builder.Build();
    }

    public static GreenletBridgeOptions Read(IEnumerable<(string Key, string? Value)> settings, Action<IServiceCollection>? services = null)
    {
        using var host = Host(settings, services);
        return host.Services.GetRequiredService<IOptions<GreenletBridgeOptions>>().Value;
    }

    /// <summary>Starts a host and returns the errors that stopped it.</summary>
    public static async Task<IReadOnlyList<string>> StartErrorsAsync(
        IEnumerable<(string Key, string? Value)> settings, Action<IServiceCollection>? services = null)
    {
        using var host = Host(settings, services);
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        return [.. exception.Failures];
    }
}
