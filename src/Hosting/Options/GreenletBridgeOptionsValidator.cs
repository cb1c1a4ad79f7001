using Microsoft.Extensions.Options;

namespace GreenletBridge.Hosting;

/// <summary>Checks each setting on its own: generated from the attributes.</summary>
[OptionsValidator]
internal sealed partial class GreenletBridgeOptionsValidator : IValidateOptions<GreenletBridgeOptions>;
