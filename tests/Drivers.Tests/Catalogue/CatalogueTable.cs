namespace GreenletBridge.Drivers.Tests.Catalogue;

/// <summary>One table of docs/blocking.md.</summary>
internal sealed record CatalogueTable(string Name, string FirstColumn, IReadOnlyList<CallUnderTest> Calls)
{
    private string Begin => $"<!-- {Name} -->\n";

    private string End => $"<!-- end of {Name} -->";

    internal string WriteInto(string text)
    {
        var from = text.IndexOf(Begin, StringComparison.Ordinal);
        var to = text.IndexOf(End, StringComparison.Ordinal);
        Assert.True(from >= 0 && to > from, $"docs/blocking.md lacks the marks \"{Begin.Trim()}\" and \"{End}\"");
        var rows = string.Join('\n', Calls.Select(static call => call.Row));
        return $"{text[..(from + Begin.Length)]}| {FirstColumn} | others of the hub run | a kill | what to do |\n|---|---|---|---|\n{rows}\n{text[to..]}";
    }
}
