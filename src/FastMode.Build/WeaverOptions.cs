namespace GreenletBridge.FastMode.Build;

/// <summary>What to weave, and with what.</summary>
public sealed class WeaverOptions
{
    /// <summary>The assembly as it was compiled.</summary>
    public required string Input { get; init; }

    /// <summary>Where the woven assembly goes; may be <see cref="Input"/>. Written whole or not at all.</summary>
    public required string Output { get; init; }

    /// <summary>Files of the assemblies that it refers to, the runtime library among them.</summary>
    public required IReadOnlyList<string> References { get; init; }

    /// <summary>Blocking methods and their async forms, by full name.</summary>
    public IReadOnlyDictionary<string, string> Pairs { get; init; } = new Dictionary<string, string>();
}
