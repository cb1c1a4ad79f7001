using System.Text.RegularExpressions;

namespace GreenletBridge.TestSupport;

/// <summary>A C# file as tests on the architecture see it: tokens without comments and text literals.</summary>
/// <remarks>
/// A reader of its own and no compiler: it knows words, not meanings. That is enough for "which names does this file
/// use" and needs neither references nor a language version.
/// </remarks>
public sealed partial class SourceFile
{
    private static readonly HashSet<string> _typeKinds = new(StringComparer.Ordinal) { "class", "struct", "interface", "enum", "record", "delegate" };

    /// <summary>Reads a file.</summary>
    /// <param name="path">Relative path with <c>/</c>, for messages and for its folder.</param>
    /// <param name="text">The file's text.</param>
    public SourceFile(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(text);
        Path = path;
        LineCount = text.Length == 0 ? 0 : text.AsSpan().Count('\n') + (text.EndsWith('\n') ? 0 : 1);
        Code = CodeText.Strip(text);
        Tokens = Tokenize(Code);
        TopLevelTypes = FindTopLevelTypes(Tokens);
    }

    /// <summary>The path, relative to the folder that was read.</summary>
    public string Path { get; }

    /// <summary>The first folder of <see cref="Path"/>; empty for a file that lies in none.</summary>
    public string Folder => Path.Contains('/', StringComparison.Ordinal) ? Path[..Path.IndexOf('/', StringComparison.Ordinal)] : "";

    /// <summary>The file's name without folders.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>Lines of the file as written.</summary>
    public int LineCount { get; }

    /// <summary>The text with comments and literals blanked out, line for line.</summary>
    public string Code { get; }

    /// <summary>The words and signs of the code.</summary>
    public IReadOnlyList<SourceToken> Tokens { get; }

    /// <summary>Names of the types declared outside any other type, in order; a partial type appears once.</summary>
    public IReadOnlyList<string> TopLevelTypes { get; }

    [GeneratedRegex(@"@?[\p{L}_][\p{L}\p{Nd}_]*|\n|=>|->|::|[^\s\p{L}\p{Nd}_]|\p{Nd}[\p{L}\p{Nd}_]*", RegexOptions.CultureInvariant)]
    private static partial Regex TokenPattern();

    private static List<SourceToken> Tokenize(string code)
    {
        var tokens = new List<SourceToken>();
        var line = 1;
        foreach (Match match in TokenPattern().Matches(code))
        {
            if (match.Value == "\n")
            {
                line++;
            }
            else
            {
                tokens.Add(new SourceToken(match.Value, line));
            }
        }

        return tokens;
    }

    private static List<string> FindTopLevelTypes(IReadOnlyList<SourceToken> tokens)
    {
        var types = new List<string>();
        var depth = 0;
        var namespaceDepth = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            switch (tokens[i].Text)
            {
                case "namespace":
                    // A block namespace makes its braces the top level.
                    var end = i;
                    while (end < tokens.Count && tokens[end].Text is not (";" or "{"))
                    {
                        end++;
                    }

                    namespaceDepth += end < tokens.Count && tokens[end].Text == "{" ? 1 : 0;
                    break;
                case "{":
                    depth++;
                    break;
                case "}":
                    depth--;
                    break;
                case var kind when depth == namespaceDepth && _typeKinds.Contains(kind) && DeclaredName(tokens, i) is { } name:
                    if (!types.Contains(name))
                    {
                        types.Add(name);
                    }

                    break;
            }
        }

        return types;
    }

    private static string? DeclaredName(IReadOnlyList<SourceToken> tokens, int kindAt)
    {
        var kind = tokens[kindAt].Text;
        if (kindAt > 0 && tokens[kindAt - 1].Text is ":" or ",")
        {
            // A constraint: where T : class
            return null;
        }

        if (kind == "delegate")
        {
            // The name is the last word before the parameters, or before their type parameters.
            var at = kindAt + 1;
            string? name = null;
            var angle = 0;
            for (; at < tokens.Count && !(angle == 0 && tokens[at].Text == "("); at++)
            {
                angle += tokens[at].Text switch { "<" => 1, ">" => -1, _ => 0 };
                name = angle == 0 && tokens[at].IsWord ? tokens[at].Text : name;
            }

            return name;
        }

        var next = kindAt + 1;
        if (kind == "record" && next < tokens.Count && tokens[next].Text is "struct" or "class")
        {
            // Named when the second word is reached.
            return null;
        }

        return next < tokens.Count && tokens[next].IsWord ? tokens[next].Text : null;
    }
}
