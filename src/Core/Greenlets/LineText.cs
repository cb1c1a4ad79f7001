using System.Globalization;
using System.Text;

namespace GreenletBridge;

/// <summary>Text of the user's, such as a name, as a part of one line of a report: nothing in it can end the line or look like another one.</summary>
internal static class LineText
{
    // Names may be taken from requests: what is longer says nothing more.
    private const int Longest = 500;

    /// <summary>The text; control characters, line ends and marks that turn the direction are written as \uXXXX, and what is too long is cut.</summary>
    internal static string Of(string text)
    {
        var isPlain = text.Length <= Longest;
        for (var i = 0; isPlain && i < text.Length; i++)
            isPlain = !IsHidden(text[i]);
        return isPlain ? text : Escaped(text);
    }

    /// <summary>What an object of the user's says of itself; that it throws does not go further.</summary>
    internal static string OfObject(object value)
    {
        try
        {
            return Of(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
        }
        catch (Exception e)
        {
            return $"({value.GetType().Name}.ToString threw {e.GetType().Name})";
        }
    }

    private static string Escaped(string text)
    {
        var line = new StringBuilder();
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, Longest)))
        {
            if (IsHidden(c))
                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            else
                line.Append(c);
        }

        return text.Length > Longest ? line.Append("...").ToString() : line.ToString();
    }

    private static bool IsHidden(char c) =>
        CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
