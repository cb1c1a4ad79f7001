using System.Globalization;
using System.Text;

namespace GreenletBridge.Hosting;

/// <summary>A name of the application's as a part of one log line: nothing in it can end the line or look like another entry.</summary>
internal static class LogText
{
    // A name may have been made of a request: what is longer says nothing more.
    private const int Longest = 500;

    /// <summary>The text; control characters, line ends and marks that turn the direction are written as \uXXXX, and what is too long is cut.</summary>
    public static string? Of(string? text)
    {
        if (text is null || (text.Length <= Longest && !text.Any(IsHidden)))
            return text;

        var line = new StringBuilder();
        foreach (var c in text.Take(Longest))
        {
            if (IsHidden(c))
            {
                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            }
            else
            {
                line.Append(c);
            }
        }

        return text.Length > Longest ? line.Append("...").ToString() : line.ToString();
    }

    private static bool IsHidden(char c) =>
        CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
