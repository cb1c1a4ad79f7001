using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel;

namespace GreenletBridge.FastMode;

/// <summary>Which enumerators have a twin of their <see cref="IEnumerator.MoveNext"/>. Woven code asks before each step.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Iterators
{
    private static readonly ConcurrentDictionary<Type, DelegateTwin?> _twins = new();
    private static Type? _lastPlain;

    /// <summary>Woven code: the twin to call in place of <see cref="IEnumerator.MoveNext"/>, null when that is to be called.</summary>
    /// <param name="enumerator">The object; null has no twin.</param>
    public static DelegateTwin? Find(object? enumerator)
    {
        if (enumerator?.GetType() is not { } type || ReferenceEquals(type, _lastPlain))
            return null;
        var twin = Of(type);
        if (twin is null && !type.IsCollectible)
            _lastPlain = type;
        return twin;
    }

    /// <summary>As <see cref="Find"/>, by the enumerator's exact type.</summary>
    internal static DelegateTwin? Of(Type type)
    {
        // Woven assemblies are never unloaded; of others nothing is kept.
        if (!_twins.TryGetValue(type, out var twin) && !type.IsCollectible)
            twin = _twins.GetOrAdd(type, DelegateTwin.OfIterator(type));
        return twin;
    }
}
