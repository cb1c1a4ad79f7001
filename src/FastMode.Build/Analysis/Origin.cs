using Mono.Cecil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Where an address on the evaluation stack comes from, so that it can be taken again after a wait.</summary>
/// <param name="Kind">What it is the address of.</param>
/// <param name="Number">Of the local, of the argument, or of the instruction that took the address.</param>
/// <param name="Field">The field, if it is one.</param>
/// <param name="Of">The address of what the field is in.</param>
internal sealed record Origin(OriginKind Kind, int Number, FieldReference? Field = null, Origin? Of = null)
{
    /// <summary>What all of it is part of.</summary>
    public Origin Root => Of is null ? this : Of.Root;
}
