using Microsoft.Extensions.Options;

namespace GreenletBridge.Hosting;

/// <summary>Checks each setting of one named hub: generated from the attributes.</summary>
[OptionsValidator]
internal sealed partial class HubSettingsValidator : IValidateOptions<HubSettings>;
