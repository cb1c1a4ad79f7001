namespace WebApi.Features;

/// <summary>An order of the shop.</summary>
/// <remarks>Properties, as Dapper converts what SQLite has no type for, dates among them, only on its way into those.</remarks>
internal sealed record Order
{
    public int Id { get; init; }

    public string Customer { get; init; } = "";

    public string Article { get; init; } = "";

    public int Quantity { get; init; }

    public long Cents { get; init; }

    public DateTime PlacedAt { get; init; }
}
