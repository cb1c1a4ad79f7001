namespace GreenletBridge.TestSupport;

/// <summary>A word, number or sign of a C# file.</summary>
/// <param name="Text">The token as written.</param>
/// <param name="Line">Its line, from 1.</param>
public readonly record struct SourceToken(string Text, int Line)
{
    /// <summary>True for identifiers and keywords.</summary>
    public bool IsWord => Text.Length > 0 && (char.IsLetter(Text[0]) || Text[0] is '_' or '@');
}
