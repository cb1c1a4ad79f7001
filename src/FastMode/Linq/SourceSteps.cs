namespace GreenletBridge.FastMode;

/// <summary>The steps of what a chain begins with.</summary>
/// <param name="source">Enumerated from the first step on, as LINQ does.</param>
/// <param name="asList">Whether LINQ asks a list for its own enumerator, whatever derives from it.</param>
internal sealed unsafe class SourceSteps<T>(IEnumerable<T> source, bool asList) : Steps<T>
{
    private IEnumerator<T>? _items;
    private DelegateTwin? _twin;

    public override T Current => _items!.Current;

    public override bool MoveNext(WovenStack stack, Frame? frame)
    {
        Begin();
        // Nothing is left to do behind the call: its value goes to who called this.
        return _twin is null ? _items!.MoveNext() : ((delegate*<object, WovenStack, Frame?, bool>)_twin.Address)(_items!, stack, null);
    }

    public override bool MoveNext()
    {
        Begin();
        return _items!.MoveNext();
    }

    public override void Resume(WovenStack stack) => throw new InvalidOperationException();

    public override void Dispose()
    {
        _items?.Dispose();
        _items = null;
    }

    private void Begin()
    {
        if (_items is not null)
            return;
        _items = asList && source is List<T> list ? list.GetEnumerator() : source.GetEnumerator();
        _twin = Iterators.Find(_items);
    }
}
