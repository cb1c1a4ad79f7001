namespace GreenletBridge.FastMode;

/// <summary>The steps of a chain that ends with <see cref="Enumerable.Select{TSource, TResult}(IEnumerable{TSource}, Func{TSource, TResult})"/>.</summary>
internal sealed class SelectSteps<T, TResult>(Steps<T> source, WovenFunction<T, TResult> selector) : Steps<TResult>
{
    private const int InSource = 0;
    private const int InSelector = 1;
    private TResult _current = default!;
    private bool _isOver;

    public override TResult Current => _current;

    public override bool MoveNext(WovenStack stack, Frame? frame)
    {
        if (_isOver)
            return false;
        var more = source.MoveNext(stack, null);
        if (!stack.Suspending)
            return Select(more, stack);
        State = InSource;
        stack.Push(this);
        return false;
    }

    public override bool MoveNext()
    {
        if (_isOver || !source.MoveNext())
            return End();
        _current = selector.Code(source.Current);
        return true;
    }

    public override void Resume(WovenStack stack)
    {
        if (State == InSource)
        {
            stack.Return(Select(stack.Take<bool>(), stack));
            return;
        }

        _current = stack.Take<TResult>();
        stack.Return(true);
    }

    public override void Dispose()
    {
        _isOver = true;
        _current = default!;
        source.Dispose();
    }

    private bool Select(bool more, WovenStack stack)
    {
        if (!more)
            return End();
        var value = selector.Invoke(source.Current, stack);
        if (stack.Suspending)
        {
            State = InSelector;
            stack.Push(this);
            return false;
        }

        _current = value;
        return true;
    }

    private bool End()
    {
        Dispose();
        return false;
    }
}
