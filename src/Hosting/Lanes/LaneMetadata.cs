using Microsoft.AspNetCore.Http;

namespace GreenletBridge.Hosting;

/// <summary>A lane given by a function.</summary>
internal sealed class LaneMetadata(Func<HttpContext, string?> lane) : IGreenletLaneMetadata
{
    public string? LaneOf(HttpContext context) => lane(context);
}
