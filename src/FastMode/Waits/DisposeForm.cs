using System.Collections.Concurrent;
using System.Data.Common;
using System.Reflection;

namespace GreenletBridge.FastMode;

/// <summary>How objects of a type are disposed by woven code.</summary>
internal sealed class DisposeForm
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private static readonly Type[] _bases = [typeof(DbConnection), typeof(DbCommand), typeof(DbBatch), typeof(DbDataReader), typeof(DbTransaction), typeof(DbDataSource)];
    private static readonly ConcurrentDictionary<Type, DisposeForm> _forms = new();
    private static readonly DisposeForm _plain = new();
    private static readonly DisposeForm _async = new();

    /// <summary>The twin to call; null: the async form, if not <see cref="IsPlain"/>.</summary>
    internal DelegateTwin? Twin { get; private init; }

    internal bool IsPlain => ReferenceEquals(this, _plain);

    internal static DisposeForm Of(Type type)
    {
        if (_forms.TryGetValue(type, out var form))
            return form;
        // Woven assemblies are never unloaded; of others nothing is kept.
        return type.IsCollectible ? _plain : _forms.GetOrAdd(type, Look);
    }

    private static DisposeForm Look(Type type)
    {
        if (Array.Find(_bases, b => b.IsAssignableFrom(type)) is { } root && HasAsyncForm(type, root))
            return _async;
        return DelegateTwin.OfInterface(type, typeof(IDisposable), nameof(IDisposable.Dispose)) is { } twin ? new DisposeForm { Twin = twin } : _plain;
    }

    /// <summary>Whether the type's async form is not the base's, which blocks, and not older than what it does when it is disposed.</summary>
    private static bool HasAsyncForm(Type type, Type root)
    {
        var asynchronous = type.GetMethod(nameof(IAsyncDisposable.DisposeAsync), Own, Type.EmptyTypes)?.DeclaringType;
        if (asynchronous is null || asynchronous == root || !root.IsAssignableFrom(asynchronous))
            return false;
        var dispose = type.GetMethod(nameof(IDisposable.Dispose), Own, [typeof(bool)])?.DeclaringType;
        var whole = type.GetInterfaceMap(typeof(IDisposable)).TargetMethods[0].DeclaringType!;
        return (dispose is null || dispose.IsAssignableFrom(asynchronous)) && whole.IsAssignableFrom(asynchronous);
    }
}
