namespace GreenletBridge.FastMode;

/// <summary>Runs through steps that may wait, until no more items are wanted.</summary>
/// <param name="steps">Disposed at the end.</param>
internal abstract class StepsFrame<T, TResult>(Steps<T> steps) : Frame
{
    private const int InStep = 0;
    private const int InItem = 1;

    public sealed override void Resume(WovenStack stack) => stack.Return(Run(stack, isResumed: true));

    internal TResult Begin(WovenStack stack) => Run(stack, isResumed: false);

    /// <summary>Takes an item, and may wait; false: no more are wanted.</summary>
    private protected abstract bool Take(T item, WovenStack stack);

    /// <summary>Goes on behind the wait of <see cref="Take"/>.</summary>
    private protected virtual bool TakeOn(WovenStack stack) => throw new InvalidOperationException();

    /// <summary>The value, when it is over and the steps are disposed.</summary>
    private protected abstract TResult End();

    private TResult Run(WovenStack stack, bool isResumed)
    {
        try
        {
            if (!IsOver(stack, isResumed))
                return default!;
        }
        catch
        {
            steps.Dispose();
            throw;
        }

        steps.Dispose();
        return End();
    }

    /// <returns>Whether it is over; if not, it waits.</returns>
    private bool IsOver(WovenStack stack, bool isResumed)
    {
        var isInItem = isResumed && State == InItem;
        while (true)
        {
            if (!isInItem)
            {
                var more = isResumed ? stack.Take<bool>() : steps.MoveNext(stack, null);
                if (stack.Suspending)
                    return Wait(InStep, stack);
                if (!more)
                    return true;
            }

            var wantsMore = isInItem ? TakeOn(stack) : Take(steps.Current, stack);
            if (stack.Suspending)
                return Wait(InItem, stack);
            if (!wantsMore)
                return true;
            isInItem = isResumed = false;
        }
    }

    private bool Wait(int state, WovenStack stack)
    {
        State = state;
        stack.Push(this);
        return false;
    }
}
