using System.Collections.Concurrent;

namespace GreenletBridge.FastMode;

/// <summary>Calls an action with each item of a list; its enumerator notices changes as the list's own method does.</summary>
internal sealed class ForEachFrame<T>(List<T> list, DelegateTwin twin, object? target) : Frame
{
    private static readonly ConcurrentDictionary<DelegateTwin, Action<object?, T, WovenStack>> _entries = new();

    private readonly Action<object?, T, WovenStack> _entry =
        _entries.GetOrAdd(twin, static t => Entry.MakeWithArgument<Action<object?, T, WovenStack>>(t.Method, typeof(T), typeof(void)));

    private List<T>.Enumerator _items = list.GetEnumerator();

    public override void Resume(WovenStack stack)
    {
        stack.Check();
        Begin(stack);
    }

    internal void Begin(WovenStack stack)
    {
        while (_items.MoveNext())
        {
            _entry(target, _items.Current, stack);
            if (!stack.Suspending)
                continue;
            stack.Push(this);
            return;
        }
    }
}
