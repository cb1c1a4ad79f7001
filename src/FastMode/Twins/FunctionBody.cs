using System.Collections.Concurrent;

namespace GreenletBridge.FastMode;

/// <summary>Runs the twin of a delegate with a value.</summary>
internal sealed class FunctionBody<T> : WovenBody
{
    private static readonly ConcurrentDictionary<DelegateTwin, FunctionBody<T>> _bodies = new();
    private readonly Func<object?, WovenStack, T> _entry;

    private FunctionBody(DelegateTwin twin) => _entry = Entry.Make<Func<object?, WovenStack, T>>(twin.Method, typeof(T));

    internal static FunctionBody<T> For(DelegateTwin twin) =>
        _bodies.TryGetValue(twin, out var body) ? body : _bodies.GetOrAdd(twin, static t => new FunctionBody<T>(t));

    internal override void Invoke(Greenlet greenlet, Delegate code) => new FunctionStack<T>((Greenlet<T>)greenlet).Begin(_entry, code.Target);
}
