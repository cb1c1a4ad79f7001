using System.Collections.Concurrent;

namespace GreenletBridge.FastMode;

/// <summary>Runs the twin of a delegate without a value.</summary>
internal sealed class ActionBody : WovenBody
{
    private static readonly ConcurrentDictionary<DelegateTwin, ActionBody> _bodies = new();
    private readonly Action<object?, WovenStack> _entry;

    private ActionBody(DelegateTwin twin) => _entry = Entry.Make<Action<object?, WovenStack>>(twin.Method, typeof(void));

    internal static ActionBody For(DelegateTwin twin) => _bodies.TryGetValue(twin, out var body) ? body : _bodies.GetOrAdd(twin, static t => new ActionBody(t));

    internal override void Invoke(Greenlet greenlet, Delegate code) => new ActionStack(greenlet).Begin(_entry, code.Target);
}
