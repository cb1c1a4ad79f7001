namespace GreenletBridge.FastMode.Libraries;

/// <summary>What a run of a library's tests gave.</summary>
/// <param name="Errors">By test: null where it passed, else the error as text.</param>
/// <param name="Left">Tests that cannot run here, and why.</param>
/// <param name="Woven">Tests that have a twin; in greenlets the others run as they are and wait nowhere.</param>
/// <param name="Waits">How often the library waited in greenlets.</param>
internal sealed record TestReport(IReadOnlyDictionary<string, string?> Errors, IReadOnlyList<string> Left, IReadOnlyList<string> Woven, int Waits);
