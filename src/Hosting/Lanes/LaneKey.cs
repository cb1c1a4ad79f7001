using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GreenletBridge.Hosting;

/// <summary>Asks an endpoint's lane function.</summary>
internal static class LaneKey
{
    /// <summary>The lane of a request; null for none, and where the request has its turn in that lane already.</summary>
    /// <exception cref="InvalidOperationException">The function threw; the message names the endpoint.</exception>
    public static string? Of(HttpContext context, IGreenletLaneMetadata lane, string? endpoint)
    {
        var session = LaneSession.Cover(context);
        try
        {
            var key = lane.LaneOf(context);
            return string.IsNullOrEmpty(key) || context.Features.Get<HeldTurn>()?.HasLane(key) == true ? null : key;
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException(
                $"The lane function of endpoint '{endpoint}' threw {exception.GetType().Name}: {exception.Message} It must name a lane, or return null for none.", exception);
        }
        finally
        {
            if (session is not null)
            {
                context.Features.Set(session);
            }
        }
    }
}
