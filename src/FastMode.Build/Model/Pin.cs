namespace GreenletBridge.FastMode.Build;

/// <summary>A place in which woven code blocks a thread, with the reason.</summary>
/// <param name="Code">The reason.</param>
/// <param name="Method">The method it is in.</param>
/// <param name="Callee">What is called there; null when the whole method is meant.</param>
/// <param name="Detail">What exactly, in words.</param>
/// <param name="File">Source file; null without symbols.</param>
/// <param name="Line">Line in it; 0 without symbols.</param>
internal sealed record Pin(PinCode Code, string Method, string? Callee, string Detail, string? File, int Line)
{
    /// <summary>The code as messages show it.</summary>
    public string Id => $"GRN{(int)Code}";

    /// <summary>From a method that is marked [GreenletRequired], or else from one that nothing woven calls, to the method.</summary>
    public IReadOnlyList<string> Chain { get; init; } = [];

    public override string ToString() =>
        $"{Method} blocks a thread{(Callee is null ? "" : $" in {Callee}")}: {Detail}{(Chain.Count > 1 ? $" (reached by {string.Join(" > ", Chain)})" : "")}";
}
