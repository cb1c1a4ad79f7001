namespace GreenletBridge.FastMode;

/// <summary>An enumeration of an iterator that may wait.</summary>
/// <param name="source">An iterator.</param>
/// <param name="twin">Of its next step.</param>
/// <param name="state">What is collected.</param>
/// <param name="take">Takes an item; false: no more are wanted.</param>
/// <param name="end">Makes the value of what was collected.</param>
internal sealed unsafe class EnumerationFrame<T, TState, TResult>(
    IEnumerable<T> source, DelegateTwin twin, TState state, Func<TState, T, bool> take, Func<TState, TResult> end) : Frame
{
    private readonly IEnumerator<T> _items = source.GetEnumerator();

    public override void Resume(WovenStack stack)
    {
        var isOver = false;
        try
        {
            isOver = !(stack.Take<bool>() && take(state, _items.Current)) || Run(stack);
        }
        catch
        {
            _items.Dispose();
            throw;
        }

        if (isOver)
            stack.Return(End());
    }

    internal TResult Begin(WovenStack stack)
    {
        try
        {
            if (!Run(stack))
                return default!;
        }
        catch
        {
            _items.Dispose();
            throw;
        }

        return End();
    }

    /// <summary>Takes items until there are no more, or the iterator waits.</summary>
    /// <returns>Whether it is over.</returns>
    private bool Run(WovenStack stack)
    {
        while (true)
        {
            // The object is its method's first argument, for a static call as for one of its own.
            var more = ((delegate*<object, WovenStack, Frame?, bool>)twin.Address)(_items, stack, null);
            if (stack.Suspending)
            {
                stack.Push(this);
                return false;
            }

            if (!more || !take(state, _items.Current))
                return true;
        }
    }

    private TResult End()
    {
        _items.Dispose();
        return end(state);
    }
}
