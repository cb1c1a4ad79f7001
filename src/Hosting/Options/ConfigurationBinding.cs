using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace GreenletBridge.Hosting;

/// <summary>Binds the application's section, then the sections that were given.</summary>
internal sealed class ConfigurationBinding(IEnumerable<BoundSection> sections, IConfiguration? configuration = null)
    : IConfigureOptions<GreenletBridgeOptions>
{
    public void Configure(GreenletBridgeOptions options)
    {
        var failures = new List<string>();
        foreach (var section in Sections())
        {
            var found = failures.Count;
            SectionCheck.Check(section, typeof(GreenletBridgeOptions), failures);
            if (failures.Count == found)
            {
                Bind(section, options);
            }
        }

        if (failures.Count > 0)
            throw new OptionsValidationException(Options.DefaultName, typeof(GreenletBridgeOptions), failures.Distinct());
    }

    private static void Bind(IConfigurationSection section, GreenletBridgeOptions options)
    {
        section.Bind(options);

        // The binder leaves out a hub of which nothing is set: "legacy": {}
        foreach (var hub in section.GetSection(nameof(GreenletBridgeOptions.Hubs)).GetChildren())
        {
            options.HubOf(hub.Key);
        }
    }

    private IEnumerable<IConfigurationSection> Sections()
    {
        var given = sections.Select(bound => bound.Section);
        return configuration is null ? given : given.Prepend(configuration.GetSection(GreenletBridgeOptions.SectionName));
    }
}
