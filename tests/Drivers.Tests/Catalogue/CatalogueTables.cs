using System.Globalization;

namespace GreenletBridge.Drivers.Tests.Catalogue;

/// <summary>The tables of docs/blocking.md, each between two marks.</summary>
internal static class CatalogueTables
{
    internal static IReadOnlyList<CatalogueTable> All { get; } =
    [
        new("seen", "call", [.. SeenCalls.All]),
        new("unseen", "call", UnseenCalls.All),
        new("sockets", "call", SocketCalls.All),
        new("drivers", "library", DriverCalls.All),
    ];

    internal static CallUnderTest Find(string table, string name) =>
        All.Single(one => one.Name == table).Calls[int.Parse(name[..name.IndexOf(':', StringComparison.Ordinal)], CultureInfo.InvariantCulture)];

    internal static string WriteInto(string text) => All.Aggregate(text, static (soFar, table) => table.WriteInto(soFar));
}
