using Microsoft.Extensions.Configuration;

namespace GreenletBridge.Hosting;

/// <summary>A section that was given to <c>AddGreenletBridge</c>.</summary>
internal sealed record BoundSection(IConfigurationSection Section);
