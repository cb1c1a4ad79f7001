namespace GreenletBridge.FastMode;

/// <summary>The steps of a chain that ends with <see cref="Enumerable.SelectMany{TSource, TResult}(IEnumerable{TSource}, Func{TSource, IEnumerable{TResult}})"/>.</summary>
internal sealed class SelectManySteps<T, TResult>(Steps<T> source, WovenFunction<T, IEnumerable<TResult>> selector) : Steps<TResult>
{
    private const int InSource = 0;
    private const int InSelector = 1;
    private const int InItems = 2;
    private Steps<TResult>? _items;
    private TResult _current = default!;
    private bool _isOver;

    public override TResult Current => _current;

    public override bool MoveNext(WovenStack stack, Frame? frame)
    {
        while (!_isOver)
        {
            if (_items is not null)
            {
                var more = _items.MoveNext(stack, null);
                if (stack.Suspending)
                    return Wait(InItems, stack);
                if (Take(more))
                    return true;
            }

            var next = source.MoveNext(stack, null);
            if (stack.Suspending)
                return Wait(InSource, stack);
            if (!Begin(next, stack))
                return false;
        }

        return false;
    }

    public override bool MoveNext()
    {
        while (!_isOver)
        {
            if (_items is not null && Take(_items.MoveNext()))
                return true;
            if (!source.MoveNext())
                Dispose();
            else
                _items = Chains.BeginEach(selector.Code(source.Current));
        }

        return false;
    }

    public override void Resume(WovenStack stack)
    {
        var isThere = false;
        if (State == InSelector)
            _items = Chains.BeginEach(stack.Take<IEnumerable<TResult>>());
        else if (State == InItems)
            isThere = Take(stack.Take<bool>());
        else if (!Begin(stack.Take<bool>(), stack))
            return;
        stack.Return(isThere || MoveNext(stack, null));
    }

    public override void Dispose()
    {
        _isOver = true;
        _current = default!;
        EndItems();
        source.Dispose();
    }

    /// <summary>Begins with what the next item of the source gives.</summary>
    /// <returns>False: the selector waits.</returns>
    private bool Begin(bool more, WovenStack stack)
    {
        if (!more)
        {
            Dispose();
            return true;
        }

        var items = selector.Invoke(source.Current, stack);
        if (stack.Suspending)
            return Wait(InSelector, stack);
        _items = Chains.BeginEach(items);
        return true;
    }

    private bool Take(bool more)
    {
        if (more)
            _current = _items!.Current;
        else
            EndItems();
        return more;
    }

    private void EndItems()
    {
        _items?.Dispose();
        _items = null;
    }

    private bool Wait(int state, WovenStack stack)
    {
        State = state;
        stack.Push(this);
        return false;
    }
}
