using GreenletBridge.TestSupport;

namespace GreenletBridge.Core.Tests.Architecture;

/// <summary>The folders of src/Core and which of them a line of code may touch: its own rank's and every lower one's.</summary>
internal static class Rooms
{
    // The words of a declaration's type end in one of these, or in an identifier.
    private static readonly HashSet<string> _typeEnds = new(StringComparer.Ordinal) { ">", "]", "?", "*" };

    private static readonly HashSet<string> _nameFollowers = new(StringComparer.Ordinal) { "{", "=", ";", "=>", ",", ")", "(" };

    private static readonly HashSet<string> _wordsBeforeTypes = new(StringComparer.Ordinal)
    {
        "abstract", "as", "async", "await", "base", "case", "class", "const", "delegate", "else", "event", "explicit", "extern", "file", "fixed", "for",
        "foreach", "goto", "if", "implicit", "in", "init", "interface", "internal", "is", "lock", "new", "not", "and", "or", "operator", "out", "override",
        "params", "partial", "private", "protected", "public", "readonly", "record", "ref", "required", "return", "scoped", "sealed", "sizeof", "stackalloc",
        "static", "struct", "switch", "this", "throw", "typeof", "unsafe", "using", "virtual", "volatile", "when", "where", "while", "yield", "global",
    };

    /// <summary>Rank by folder. A folder that is missing here is an error: decide where it belongs.</summary>
    public static IReadOnlyDictionary<string, int> Ranks { get; } = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["Loops"] = 1, ["Scheduling"] = 1, ["Carriers"] = 1,
        ["Waiting"] = 2, ["Blocking"] = 2,
        ["Greenlets"] = 3, ["Hubs"] = 3,
        ["Pools"] = 4, ["Synchronization"] = 4,
        ["Bridging"] = 5,
    };

    /// <summary>Names that mean something else than the type of that name in that file: "File.cs Name", each with its reason beside it.</summary>
    public static IReadOnlySet<string> OtherMeanings { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Finds the uses of types that a file must not know.</summary>
    /// <param name="sources">All files of src/Core.</param>
    /// <returns>One line a use: "file:line uses Type of folder X".</returns>
    public static IReadOnlyList<string> FindLeaningBack(IReadOnlyList<SourceFile> sources)
    {
        var foldersOfType = sources
            .SelectMany(source => source.TopLevelTypes.Select(type => (type, source.Folder)))
            .ToLookup(pair => pair.type, pair => pair.Folder, StringComparer.Ordinal);
        return
        [
            .. from source in sources.Where(source => Ranks.ContainsKey(source.Folder))
               from index in Enumerable.Range(0, source.Tokens.Count)
               let token = source.Tokens[index]
               let folders = foldersOfType[token.Text].Distinct().ToList()
               where folders.Count > 0 && folders.TrueForAll(folder => RankOf(folder) > RankOf(source.Folder))
               where !OtherMeanings.Contains($"{source.Path} {token.Text}") && MeansType(source.Tokens, index)
               select $"{source.Path}:{token.Line} uses {token.Text} of folder {folders[0]}",
        ];
    }

    private static int RankOf(string folder) => Ranks.GetValueOrDefault(folder, int.MaxValue);

    private static bool MeansType(IReadOnlyList<SourceToken> tokens, int index)
    {
        var before = index > 0 ? tokens[index - 1] : default;
        var after = index + 1 < tokens.Count ? tokens[index + 1].Text : "";
        switch (before.Text)
        {
            case "." or "->":
                // A member, unless the namespace qualifies it: GreenletBridge.Hub
                return index > 1 && tokens[index - 2].Text == "GreenletBridge";
            case "(" or "," or "{" when after is ":" or "=":
                // A named argument, a pattern's property or an object initializer's member
                return false;
            case null or "":
                return true;
        }

        var endsType = _typeEnds.Contains(before.Text) || (before.IsWord && !_wordsBeforeTypes.Contains(before.Text));
        return !(endsType && _nameFollowers.Contains(after));
    }
}
