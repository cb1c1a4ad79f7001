using GreenletBridge.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the health check of the hubs.</summary>
public static class GreenletHealthChecksBuilderExtensions
{
    private const string DefaultName = "greenlet-hubs";

    /// <summary>Adds a check of every hub of the host: does it run, does work wait too long for it.</summary>
    /// <remarks>
    /// The check reads figures and never runs on a hub, so that it answers when all of them are blocked. From when on a hub is
    /// degraded or unhealthy: <see cref="GreenletBridgeOptions.Health"/>. The data of the result holds the figures of each hub.
    /// </remarks>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">Name of the check. The default is <c>greenlet-hubs</c>.</param>
    /// <param name="tags">Tags to filter by. The default is none.</param>
    /// <returns><paramref name="builder"/>, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">Thrown when the host starts: <c>services.AddGreenletBridge()</c> was not called.</exception>
    public static IHealthChecksBuilder AddGreenletHub(this IHealthChecksBuilder builder, string name = DefaultName, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptionsWithValidateOnStart<HealthCheckServiceOptions>()
            .Validate<IServiceProviderIsService>(static (_, services) => services.IsService(typeof(HubSet)), MissingServices.Message(nameof(AddGreenletHub)));
        return builder.Add(new HealthCheckRegistration(
            name, static services => ActivatorUtilities.CreateInstance<GreenletHubHealthCheck>(services), failureStatus: null, tags));
    }
}
