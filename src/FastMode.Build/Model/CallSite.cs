using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <summary>A call that may wait.</summary>
internal sealed class CallSite
{
    public required SiteKind Kind { get; init; }

    /// <summary>Number of the call instruction.</summary>
    public required int Index { get; init; }

    /// <summary>As the code calls it.</summary>
    public required MethodReference Callee { get; init; }

    /// <summary>What is called, or the slot's root of a virtual call.</summary>
    public required MethodDefinition Target { get; init; }

    /// <summary>The primitive, or the async method of a pair.</summary>
    public MethodDefinition? Primitive { get; init; }

    public required TypeReference ReturnType { get; init; }

    /// <summary>Types of what the call takes, the object first.</summary>
    public required IReadOnlyList<TypeReference> Arguments { get; init; }

    /// <summary>Types of what lies deeper on the stack.</summary>
    public required IReadOnlyList<TypeReference> Below { get; init; }

    /// <summary>Where those of the arguments come from that are addresses; null for others.</summary>
    public required IReadOnlyList<Origin?> ArgumentOrigins { get; init; }

    /// <summary>As <see cref="ArgumentOrigins"/>, for what lies deeper.</summary>
    public required IReadOnlyList<Origin?> BelowOrigins { get; init; }

    /// <summary>Whether the argument is passed to a twin as an object.</summary>
    public bool PassesRef(int argument) => Kind is SiteKind.Direct or SiteKind.New or SiteKind.Virtual or SiteKind.Constrained or SiteKind.Delegate && Arguments[argument] is ByReferenceType;

    /// <summary>Arguments of the method that are still needed after the call, the object not among them.</summary>
    public IReadOnlyList<int> LiveArguments { get; set; } = [];

    /// <summary>Locals that are still needed after the call.</summary>
    public IReadOnlyList<VariableDefinition> LiveLocals { get; set; } = [];

    /// <summary>Why it is called plainly; null when it is not.</summary>
    public PinCode? Pin { get; set; }

    public string PinDetail { get; set; } = "";

    public bool ReturnsNothing => ReturnType.MetadataType == MetadataType.Void;
}
