using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GreenletBridge.Hosting;

/// <summary>Sessions of requests that are in a lane.</summary>
internal static class LaneSessions
{
    /// <summary>Stores what the request has changed in its session while it still has its turn.</summary>
    /// <remarks>
    /// The session's middleware does so after the handler, when the next request of the lane may have loaded the session. It still
    /// does: what fails here it tries again, and logs.
    /// </remarks>
    public static async Task CommitAsync(HttpContext context)
    {
        if (context.Features.Get<ISessionFeature>()?.Session is not { } session)
            return;

        try
        {
            // Storing one that has not been loaded would load it, and block
            await session.LoadAsync(CancellationToken.None);
            await session.CommitAsync(CancellationToken.None);
        }
        catch (Exception)
        {
            // The middleware's turn: see above
        }
    }
}
