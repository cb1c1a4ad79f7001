using Microsoft.AspNetCore.Http;

namespace GreenletBridge.Hosting.FunctionalTests.Lanes;

/// <summary>A lane by attribute, as an application would write it for its controllers.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class SessionLaneAttribute : Attribute, IGreenletLaneMetadata
{
    public string? LaneOf(HttpContext context) => context.Request.Query["lane"];
}
