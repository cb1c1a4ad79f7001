using System.Collections.Concurrent;

namespace GreenletBridge.FastMode;

/// <content>Calls through a type parameter.</content>
public sealed partial class SlotGuard
{
    private readonly ConcurrentDictionary<(Type Type, Type Contract), DelegateTwin?> _structs = new();

    /// <summary>Woven code: whether the slot's twin may be called on what is there. Never on a struct.</summary>
    /// <typeparam name="T">Type argument through which the call is made.</typeparam>
    /// <param name="place">Has the object.</param>
    public bool AllowsIn<T>(ref T place) => !typeof(T).IsValueType && Allows(place);

    /// <summary>Woven code: the twin of the method by which a struct implements the interface's; null when there is none, or no struct.</summary>
    /// <typeparam name="T">Type argument through which the call is made.</typeparam>
    /// <typeparam name="TContract">The interface, as the call names it.</typeparam>
    public DelegateTwin? FindStruct<T, TContract>()
    {
        if (!typeof(T).IsValueType)
            return null;
        var key = (typeof(T), typeof(TContract));
        if (_structs.TryGetValue(key, out var twin))
            return twin;
        twin = LookAtStruct(typeof(T), typeof(TContract));
        // Woven assemblies are never unloaded; of others nothing is kept.
        return typeof(T).IsCollectible || typeof(TContract).IsCollectible ? twin : _structs.GetOrAdd(key, twin);
    }

    private DelegateTwin? LookAtStruct(Type type, Type contract) =>
        // By variance another form of the interface is what counts.
        Array.IndexOf(type.GetInterfaces(), contract) >= 0 && TargetOf(type.GetInterfaceMap(contract), _method) is { } method ? DelegateTwin.OfStruct(method) : null;
}
