using Microsoft.AspNetCore.Http;

namespace GreenletBridge.Hosting;

/// <summary>Endpoint metadata: requests of one lane run one after the other, in the order in which they came.</summary>
/// <remarks>
/// For handlers that run in a greenlet. Implement it on an attribute to put actions and controllers on lanes; <c>.RunInGreenlet(lane: …)</c>
/// adds it to endpoints. Of several on one endpoint the most specific counts.
/// </remarks>
public interface IGreenletLaneMetadata
{
    /// <summary>The lane of a request.</summary>
    /// <remarks>
    /// Called before the request waits for anything, not in a greenlet: it must not block. In it <c>Session.Id</c> is a name of the session
    /// that is read from the request's cookie: the session itself is loaded only in the lane, so that each request sees what the one before has left.
    /// </remarks>
    /// <param name="context">The request.</param>
    /// <returns>The lane's name, the same for the whole application whatever endpoint or hub asks; null or empty for none.</returns>
    string? LaneOf(HttpContext context);
}
