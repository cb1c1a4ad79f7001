using Mono.Cecil;

namespace GreenletBridge.FastMode.Build;

/// <summary>A call that might wait, before it is known whether it can do so by returning.</summary>
/// <param name="Index">Number of the instruction.</param>
/// <param name="Kind">How it would be called.</param>
/// <param name="Callee">As the code calls it.</param>
/// <param name="Target">What is called, or the slot's root of a virtual call.</param>
/// <param name="Primitive">The primitive, or the async method of a pair.</param>
internal sealed record Candidate(int Index, SiteKind Kind, MethodReference Callee, MethodDefinition Target, MethodDefinition? Primitive)
{
    /// <summary>All that the primitive can lead to; null when that is not known.</summary>
    public IReadOnlyList<MethodDefinition>? Only { get; init; }
}
