using System.Runtime.CompilerServices;

namespace GreenletBridge.FastMode;

/// <summary>The items that an array or a list has when it is begun with, as methods see them that run over its memory.</summary>
internal sealed class ArraySteps<T> : Steps<T>
{
    private readonly T[] _items;
    private readonly int _count;
    private int _next;

    public ArraySteps(T[] items)
    {
        _items = items;
        _count = items.Length;
    }

    public ArraySteps(List<T> list)
    {
        _items = ItemsOf(list);
        _count = list.Count;
    }

    public override T Current => _items[_next - 1];

    public override bool MoveNext(WovenStack stack, Frame? frame) => MoveNext();

    public override bool MoveNext()
    {
        if (_next == _count)
            return false;
        _next++;
        return true;
    }

    public override void Resume(WovenStack stack) => throw new InvalidOperationException();

    public override void Dispose()
    {
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_items")]
    private static extern ref T[] ItemsOf(List<T> list);
}
