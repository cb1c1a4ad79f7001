namespace GreenletBridge.FastMode;

/// <summary>How the twin of a method is found: it is the next method of its type, and has its name and this at the end.</summary>
internal static class TwinName
{
    internal const string Suffix = "$woven";

    /// <summary>End of the name of a method by which a class implements the twin of an interface's method.</summary>
    internal const string Forward = "$forward";
}
