namespace GreenletBridge.Hosting;

/// <summary>A greenlet as the page shows it. Times are milliseconds since 1970, so that a row changes only when its greenlet does.</summary>
internal sealed record GreenletRow
{
    // A clock that is some milliseconds coarse must not make a row look changed
    private const long Tolerance = 100;

    public required long Id { get; init; }

    public long? Parent { get; init; }

    public required string Hub { get; init; }

    public string? Name { get; init; }

    public required string State { get; init; }

    public required string Body { get; init; }

    public required long Begun { get; init; }

    public string? Reason { get; init; }

    public long? Since { get; init; }

    public string? Endpoint { get; init; }

    public string? Code { get; init; }

    public bool Killed { get; init; }

    public string? Stack { get; init; }

    public string? SpawnedAt { get; init; }

    /// <param name="hub">Name of its hub.</param>
    /// <param name="greenlet">The greenlet.</param>
    /// <param name="now">The time of the snapshot.</param>
    /// <param name="before">Its last row; null when it is new.</param>
    public static GreenletRow Of(string hub, GreenletSnapshot greenlet, long now, GreenletRow? before)
    {
        var since = greenlet.WaitedFor is { } waited ? now - (long)waited.TotalMilliseconds : (long?)null;
        return new GreenletRow
        {
            Id = greenlet.Id,
            Parent = greenlet.ParentId,
            Hub = hub,
            Name = greenlet.Name,
            State = greenlet.Status.ToString(),
            Body = greenlet.Body.ToString(),
            Begun = before?.Begun ?? now - (long)greenlet.Age.TotalMilliseconds,
            Reason = greenlet.WaitingFor,
            Since = since is { } s && before?.Since is { } old && Math.Abs(s - old) < Tolerance ? old : since,

            // Only text: what else somebody has attached may be anything
            Endpoint = greenlet.Tag as string,
            Code = greenlet.Code,
            Killed = greenlet.IsKillPending,
            Stack = greenlet.Stack,
            SpawnedAt = greenlet.SpawnSite,
        };
    }
}
