namespace GreenletBridge.Hosting;

/// <summary>Request feature: the permit and the lane that the request has, and by way of <see cref="Outer"/> those of the parts of its pipeline around this one.</summary>
/// <remarks>
/// A part that is to run in a greenlet of its own, because the one around it has left its greenlet, must not wait for what its own
/// request holds.
/// </remarks>
internal sealed record HeldTurn(RequestLimit? Limit, string? Lane, HeldTurn? Outer)
{
    /// <summary>Whether the request has a permit of the limit.</summary>
    public bool HasPermit(RequestLimit limit) => Limit == limit || Outer?.HasPermit(limit) == true;

    /// <summary>Whether the request has its turn in the lane.</summary>
    public bool HasLane(string key) => Lane == key || Outer?.HasLane(key) == true;
}
