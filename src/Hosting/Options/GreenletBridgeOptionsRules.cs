using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace GreenletBridge.Hosting;

/// <summary>Rules that hold between settings, and those of the named hubs.</summary>
internal sealed class GreenletBridgeOptionsRules(IOptions<HostOptions> host) : IValidateOptions<GreenletBridgeOptions>
{
    private const string Root = GreenletBridgeOptions.SectionName;
    private readonly HubSettingsValidator _hubValidator = new();

    public ValidateOptionsResult Validate(string? name, GreenletBridgeOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        var shutdown = host.Value.ShutdownTimeout;
        if (shutdown != Timeout.InfiniteTimeSpan && options.DrainTimeout >= shutdown)
        {
            result.AddError(SettingText.Wrong($"{Root}:DrainTimeout", options.DrainTimeout, $"less than HostOptions.ShutdownTimeout ({SettingText.Of(shutdown)})"));
        }

        var carriers = options.Carriers;
        if (carriers.Max > carriers.HardMax)
        {
            result.AddError(SettingText.Wrong($"{Root}:Carriers:Max", carriers.Max, $"at most Carriers:HardMax ({carriers.HardMax})"));
        }

        if (carriers.StackSize is > 0 and < 65536)
        {
            result.AddError(SettingText.Wrong($"{Root}:Carriers:StackSize", carriers.StackSize, "0, or from 65536 bytes"));
        }

        var health = options.Health;
        if (health.DegradedLag > health.UnhealthyLag)
        {
            result.AddError(SettingText.Wrong($"{Root}:Health:DegradedLag", health.DegradedLag, $"at most Health:UnhealthyLag ({SettingText.Of(health.UnhealthyLag)})"));
        }

        ValidateQueue($"{Root}:Requests", options.Requests.Concurrency, options.Requests.QueueLimit, result);
        foreach (var twice in options.AddedTwice)
        {
            result.AddError($"{Root}:Hubs:{twice} was added twice by AddHub; names are case-insensitive. Add it once, and change it by options.Hubs[\"{twice}\"].");
        }

        foreach (var (hubName, settings) in options.Hubs)
        {
            ValidateHub(hubName, settings, result);
        }

        return result.Build();
    }

    private void ValidateHub(string name, HubSettings hub, ValidateOptionsResultBuilder result)
    {
        var key = $"{Root}:Hubs:{name}";
        if (!IsName(name))
        {
            result.AddError($"{key} is no name for a hub; allowed: letters, digits, - and _, but not {HubSet.RequestsName} or {HubSet.RequestsName}-….");
        }

        if (hub is { Exclusive: true, BlockingPolicy: BlockingPolicy.HandOff })
        {
            result.AddError(SettingText.Wrong($"{key}:BlockingPolicy", hub.BlockingPolicy, "Report, as Exclusive is true"));
        }

        if (hub is { StrictExclusive: true, Exclusive: false })
        {
            result.AddError(SettingText.Wrong($"{key}:StrictExclusive", hub.StrictExclusive, "false, as Exclusive is false"));
        }

        ValidateQueue(key, hub.Concurrency, hub.QueueLimit, result);
        result.AddResult(_hubValidator.Validate(key, hub));
    }

    private static void ValidateQueue(string key, int? concurrency, int? queueLimit, ValidateOptionsResultBuilder result)
    {
        if (concurrency is null && queueLimit is not null)
        {
            result.AddError(SettingText.Wrong($"{key}:QueueLimit", queueLimit, "none, as Concurrency is not set and nothing waits for it"));
        }
    }

    private static bool IsName(string name) =>
        name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        && !name.Equals(HubSet.RequestsName, StringComparison.OrdinalIgnoreCase)
        && !name.StartsWith(HubSet.RequestsName + "-", StringComparison.OrdinalIgnoreCase);
}
