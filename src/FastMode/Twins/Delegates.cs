using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace GreenletBridge.FastMode;

/// <summary>Which delegates have a twin. Woven code asks before it calls one.</summary>
/// <remarks>
/// By the address of the method, which is fixed for a method of an assembly that is never unloaded. Addresses of methods that can go,
/// and of thunks that several methods share, are never entered as having a twin.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Delegates
{
    private static readonly ConcurrentDictionary<(nint Address, Type Type), DelegateTwin?> _twins = new();

    // Those whose address is that of another instantiation: generic classes share the code of their methods where the arguments are references.
    private static readonly ConcurrentDictionary<(nint Address, Type Type, Type Target), DelegateTwin?> _twinsOfTargets = new();

    /// <summary>Woven code: the twin to call in place of the delegate, null when it is to be called as it is.</summary>
    /// <param name="code">The delegate; null has no twin.</param>
    public static DelegateTwin? Find(Delegate? code)
    {
        if (code is null)
            return null;
        // Of an open static delegate the first address is a thunk, the same for all of its shape.
        var key = (AuxiliaryAddress(code) is var address and not 0 ? address : Address(code), code.GetType());
        if (!_twins.TryGetValue(key, out var twin))
            twin = FindSlowly(_twins, key, code);
        return twin is null || twin.SharedBy is null || twin.SharedBy == code.Target!.GetType() ? twin : FindOfTarget(key, code);
    }

    private static DelegateTwin? FindOfTarget((nint Address, Type Type) shared, Delegate code)
    {
        var key = (shared.Address, shared.Type, code.Target!.GetType());
        return _twinsOfTargets.TryGetValue(key, out var twin) ? twin : FindSlowly(_twinsOfTargets, key, code);
    }

    private static DelegateTwin? FindSlowly<TKey>(ConcurrentDictionary<TKey, DelegateTwin?> twins, TKey key, Delegate code)
        where TKey : notnull
    {
        var twin = DelegateTwin.Make(code);
        // A method that can be unloaded leaves its address to another; a type that can is not to be held here.
        if (!code.Method.IsCollectible && twin?.SharedBy is not { IsCollectible: true })
            twins.TryAdd(key, twin);
        return twin;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_methodPtr")]
    private static extern ref nint Address(Delegate code);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_methodPtrAux")]
    private static extern ref nint AuxiliaryAddress(Delegate code);
}
