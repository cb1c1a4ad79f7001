using GreenletBridge;
using GreenletBridge.FastMode;
using GreenletBridge.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SignalRHubOptions = Microsoft.AspNetCore.SignalR.HubOptions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds greenlet hubs to a host.</summary>
public static class GreenletBridgeServiceCollectionExtensions
{
    /// <summary>Adds the hubs and <see cref="IGreenletBridge"/>, set up from the configuration section <c>GreenletBridge</c> if there is one.</summary>
    /// <remarks>
    /// <see cref="IGreenletBridge"/> runs on the group of request hubs; keyed by the name of a hub it runs on that one. The hubs start
    /// and stop with the host. A further call adds settings and changes nothing else.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <returns><paramref name="services"/>, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="OptionsValidationException">Thrown when the host starts: a setting is wrong; each message names key, value and range.</exception>
    public static IServiceCollection AddGreenletBridge(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(service => service.ServiceType == typeof(HubSet)))
            return services;

        AddSettings(services);
        services.AddGreenletDiagnostics();
        services.AddSingleton<CurrentSettings>();
        services.AddSingleton<HubSet>();
        services.AddSingleton<CallPolicy>();
        services.AddSingleton<HubMonitor>();
        services.AddSingleton<LaneTable>();
        services.AddSingleton<Entrance>();
        services.AddMetrics();
        services.AddSingleton<RequestMetrics>();
        services.AddSingleton<RequestRunner>();
        services.AddSingleton<EndpointStartupCheck>();
        AddHubFilter(services);
        AddActionFilters(services);
        services.AddSingleton<IStartupFilter>(static provider => provider.GetRequiredService<EndpointStartupCheck>());
        services.AddSingleton(static provider => provider.GetRequiredService<HubSet>().Requests.Bridge);
        services.AddKeyedSingleton(KeyedService.AnyKey, static (provider, key) => provider.GetRequiredService<HubSet>().Target(key?.ToString()).Bridge);
        services.AddHostedService<HubLifetimeService>();
        services.AddHostedService<SettingsReload>();
        return services;
    }

    /// <summary>Adds the hubs and <see cref="IGreenletBridge"/>, set up by code, which beats configuration.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns><paramref name="services"/>, for chaining.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <inheritdoc cref="AddGreenletBridge(IServiceCollection)"/>
    public static IServiceCollection AddGreenletBridge(this IServiceCollection services, Action<GreenletBridgeOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddGreenletBridge().Configure(configure);
    }

    /// <summary>Adds the hubs and <see cref="IGreenletBridge"/>, set up from a section of any name, which beats the section <c>GreenletBridge</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section.</param>
    /// <returns><paramref name="services"/>, for chaining.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <inheritdoc cref="AddGreenletBridge(IServiceCollection)"/>
    public static IServiceCollection AddGreenletBridge(this IServiceCollection services, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddGreenletBridge().AddSingleton(new BoundSection(section));
    }

    // What SignalR asks for where it is used, and nobody where it is not
    private static void AddHubFilter(IServiceCollection services)
    {
        services.AddSingleton<GreenletHubFilter>();
        // In front of the application's own filters: those run in the greenlet too
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<SignalRHubOptions>>(
            new ConfigureOptions<SignalRHubOptions>(static options => options.AddFilter<GreenletHubFilter>())));
    }

    // Asked for by MVC, where it is used; by then the application's assembly has said whether it was woven
    private static void AddActionFilters(IServiceCollection services) =>
        services.AddSingleton<IConfigureOptions<MvcOptions>>(new ConfigureOptions<MvcOptions>(static options =>
        {
            if (!WovenMethod.AnyExists)
                return;
            // Innermost: what other filters do comes before, as before the action itself
            options.Filters.Add<WovenActionMark>(int.MaxValue - 1);
            options.Filters.Add<WovenActionFilter>(int.MaxValue);
            options.Filters.Add<WovenPageMark>(int.MaxValue - 1);
            options.Filters.Add<WovenPageFilter>(int.MaxValue);
        }));

    private static void AddSettings(IServiceCollection services)
    {
        // In front of whatever code has configured or will: options are configured in order of registration, and code beats configuration
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<GreenletBridgeOptions>>(static provider =>
            new ConfigurationBinding(provider.GetServices<BoundSection>(), provider.GetService<IConfiguration>())));
        services.AddOptionsWithValidateOnStart<GreenletBridgeOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GreenletBridgeOptions>, GreenletBridgeOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GreenletBridgeOptions>, GreenletBridgeOptionsRules>());
    }
}
