using Microsoft.AspNetCore.Http;

namespace GreenletBridge.Hosting;

/// <summary>Request feature: the permit and the lane that the request has, and by way of <see cref="Outer"/> those of the parts of its pipeline around this one.</summary>
/// <remarks>
/// A part that is to run in a greenlet of its own, because the one around it has left its greenlet, must not wait for what its own
/// request holds.
/// </remarks>
internal sealed record HeldTurn(RequestLimit? Limit, string? Lane, HeldTurn? Outer)
{
    /// <summary>Whether the request has a permit of the limit.</summary>
    public static bool HasPermit(HttpContext context, RequestLimit limit) => IsHeld(context, turn => turn.Limit == limit);

    /// <summary>Whether the request has its turn in the lane.</summary>
    public static bool HasLane(HttpContext context, string key) => IsHeld(context, turn => turn.Lane == key);

    private static bool IsHeld(HttpContext context, Func<HeldTurn, bool> condition)
    {
        for (var turn = context.Features.Get<HeldTurn>(); turn is not null; turn = turn.Outer)
        {
            if (condition(turn))
                return true;
        }

        return false;
    }
}
