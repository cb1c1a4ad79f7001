namespace GreenletBridge.FastMode;

/// <summary>The steps of a chain that ends with <see cref="Enumerable.Where{TSource}(IEnumerable{TSource}, Func{TSource, bool})"/>.</summary>
internal sealed class WhereSteps<T>(Steps<T> source, WovenFunction<T, bool> predicate) : Steps<T>
{
    private const int InSource = 0;
    private const int InPredicate = 1;
    private T _current = default!;
    private bool _isOver;
    private T _item = default!;

    public override T Current => _current;

    public override bool MoveNext(WovenStack stack, Frame? frame)
    {
        if (_isOver)
            return false;
        var more = source.MoveNext(stack, null);
        if (!stack.Suspending)
            return Find(more, stack);
        Wait(InSource, stack);
        return false;
    }

    public override bool MoveNext()
    {
        while (!_isOver && source.MoveNext())
        {
            var item = source.Current;
            if (predicate.Code(item))
            {
                _current = item;
                return true;
            }
        }

        return End();
    }

    public override void Resume(WovenStack stack)
    {
        var value = stack.Take<bool>();
        if (State == InSource)
            stack.Return(Find(value, stack));
        else if (value)
            stack.Return(Take());
        else
            stack.Return(MoveNext(stack, null));
    }

    public override void Dispose()
    {
        _isOver = true;
        _current = default!;
        source.Dispose();
    }

    private bool Find(bool more, WovenStack stack)
    {
        while (more)
        {
            _item = source.Current;
            var isWanted = predicate.Invoke(_item, stack);
            if (stack.Suspending)
            {
                Wait(InPredicate, stack);
                return false;
            }

            if (isWanted)
                return Take();
            more = source.MoveNext(stack, null);
            if (stack.Suspending)
            {
                Wait(InSource, stack);
                return false;
            }
        }

        return End();
    }

    private bool Take()
    {
        _current = _item;
        return true;
    }

    private bool End()
    {
        Dispose();
        return false;
    }

    private void Wait(int state, WovenStack stack)
    {
        State = state;
        stack.Push(this);
    }
}
