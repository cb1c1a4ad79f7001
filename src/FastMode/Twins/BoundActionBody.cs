using System.Collections.Concurrent;

namespace GreenletBridge.FastMode;

/// <summary>Runs the twin of a delegate with arguments and without a value.</summary>
internal sealed class BoundActionBody : WovenBody
{
    private static readonly ConcurrentDictionary<DelegateTwin, BoundActionBody> _bodies = new();
    private readonly Action<object?, object?[], WovenStack> _entry;

    private BoundActionBody(DelegateTwin twin) => _entry = Entry.MakeWithArguments<Action<object?, object?[], WovenStack>>(twin.Method, typeof(void));

    internal static BoundActionBody For(DelegateTwin twin) => _bodies.GetOrAdd(twin, static t => new BoundActionBody(t));

    internal override void Invoke(Greenlet greenlet, Delegate code)
    {
        var call = (BoundCall)code.Target!;
        new ActionStack(greenlet).Begin(_entry, call.Body.Target, call.Arguments);
    }
}
