using GreenletBridge.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the health checks of the hubs.</summary>
public static class GreenletHealthChecksBuilderExtensions
{
    private const string DefaultName = "greenlets";

    /// <summary>Adds a check of the request hubs and of each named hub, tagged <c>ready</c>, and one of them all, tagged <c>live</c>.</summary>
    /// <remarks>
    /// <para>
    /// The checks called <c>greenlets:requests</c> and <c>greenlets:&lt;hub&gt;</c> tell whether requests should come here: does the hub run, and does
    /// new work begin soon. The check called <c>greenlets</c> fails when a hub is held for so long that only a restart helps.
    /// From when on: <see cref="GreenletBridgeOptions.Health"/>. The data of a result holds the figures of its hubs.
    /// </para>
    /// <para>No check runs on a hub, so that they answer when all of them are blocked.</para>
    /// </remarks>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">Name of the check of them all, and what the others' names begin with. The default is <c>greenlets</c>.</param>
    /// <param name="tags">Tags that each check has besides <c>ready</c> or <c>live</c>. The default is none.</param>
    /// <returns><paramref name="builder"/>, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <exception cref="OptionsValidationException">Thrown when the host starts: <c>services.AddGreenletBridge()</c> was not called.</exception>
    public static IHealthChecksBuilder AddGreenletHub(this IHealthChecksBuilder builder, string name = DefaultName, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string[] own = [.. tags ?? []];
        builder.Services.AddOptionsWithValidateOnStart<HealthCheckServiceOptions>()
            .Validate<IServiceProviderIsService>(static (_, services) => services.IsService(typeof(HubSet)), MissingServices.Message(nameof(AddGreenletHub)))
            .Configure<IOptions<GreenletBridgeOptions>>((checks, options) =>
            {
                foreach (var hub in HubsOf(options))
                {
                    checks.Registrations.Add(Ready(name, hub, own));
                }
            });
        return builder.Add(new HealthCheckRegistration(
            name, static services => ActivatorUtilities.CreateInstance<GreenletLivenessCheck>(services), failureStatus: null, [.. own, "live"]));
    }

    private static HealthCheckRegistration Ready(string name, string? hub, string[] tags) => new(
        $"{name}:{hub ?? HubSet.RequestsName}",
        services => new GreenletHubHealthCheck(
            hub,
            services.GetRequiredService<HubSet>(),
            services.GetRequiredService<HubMonitor>(),
            services.GetRequiredService<LaneTable>(),
            services.GetRequiredService<CurrentSettings>(),
            services.GetService<Microsoft.Extensions.Hosting.IHostApplicationLifetime>(),
            services.GetService<TimeProvider>()),
        failureStatus: null,
        [.. tags, "ready"]);

    private static IEnumerable<string?> HubsOf(IOptions<GreenletBridgeOptions> options)
    {
        try
        {
            return options.Value.Hubs.Keys.Prepend(null);
        }
        catch (OptionsValidationException)
        {
            // The start fails by the options' own check; here it would be told a second time
            return [];
        }
    }
}
