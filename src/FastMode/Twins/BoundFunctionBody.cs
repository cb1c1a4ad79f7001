using System.Collections.Concurrent;

namespace GreenletBridge.FastMode;

/// <summary>Runs the twin of a delegate with arguments and a value.</summary>
internal sealed class BoundFunctionBody<T> : WovenBody
{
    private static readonly ConcurrentDictionary<DelegateTwin, BoundFunctionBody<T>> _bodies = new();
    private readonly Func<object?, object?[], WovenStack, T> _entry;

    private BoundFunctionBody(DelegateTwin twin) => _entry = Entry.MakeWithArguments<Func<object?, object?[], WovenStack, T>>(twin.Method, typeof(T));

    internal static BoundFunctionBody<T> For(DelegateTwin twin) => _bodies.GetOrAdd(twin, static t => new BoundFunctionBody<T>(t));

    internal override void Invoke(Greenlet greenlet, Delegate code)
    {
        var call = (BoundCall)code.Target!;
        new FunctionStack<T>((Greenlet<T>)greenlet).Begin(_entry, call.Body.Target, call.Arguments);
    }
}
