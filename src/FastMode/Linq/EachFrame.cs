namespace GreenletBridge.FastMode;

/// <summary>Calls a function with each item, until nothing more is to be known.</summary>
/// <param name="source">What has the items.</param>
/// <param name="code">Called with each.</param>
/// <param name="take">Takes an item, what the function gave for it, and this; false: no more are wanted.</param>
/// <param name="isStepwise">Whether LINQ never runs over the memory of an array or a list.</param>
internal sealed class EachFrame<T, TValue, TResult>(
    IEnumerable<T> source, Func<T, TValue> code, Func<T, TValue, EachFrame<T, TValue, TResult>, bool> take, bool isStepwise = false) : Frame
{
    private const int InSource = 0;
    private const int InFunction = 1;
    // As LINQ does: over the memory of what is an array or a list itself, else step by step.
    private readonly Steps<T> _steps = !isStepwise && (source.GetType() == typeof(T[]) || source.GetType() == typeof(List<T>))
        ? Chains.Begin(source, asArray: true)
        : Chains.BeginEach(source);

    private readonly WovenFunction<T, TValue> _function = new(code);
    private T _item = default!;

    public TResult Result { get; set; } = default!;

    /// <summary>Whether there must be an item that is wanted: whether it has been found.</summary>
    public bool? IsFound { get; set; }

    /// <summary>Whether the function or the source may wait, and LINQ goes through the items in the same way.</summary>
    internal static bool MayWait(IEnumerable<T>? source, Func<T, TValue>? code) => source is not null && code is not null
        && (Chains.Of(source) is not null || (!Chains.IsOfLinq(source) && (Delegates.Find(code) is not null || Iterators.Find(source) is not null)));

    public override void Resume(WovenStack stack)
    {
        var isOver = false;
        try
        {
            isOver = State == InSource ? Run(stack.Take<bool>(), stack) : !take(_item, stack.Take<TValue>(), this) || Run(stack);
        }
        catch
        {
            _steps.Dispose();
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
            _steps.Dispose();
            throw;
        }

        return End();
    }

    private bool Run(WovenStack stack)
    {
        var more = _steps.MoveNext(stack, null);
        return stack.Suspending ? Wait(InSource, stack) : Run(more, stack);
    }

    /// <returns>Whether it is over; if not, it waits.</returns>
    private bool Run(bool more, WovenStack stack)
    {
        while (more)
        {
            _item = _steps.Current;
            var value = _function.Invoke(_item, stack);
            if (stack.Suspending)
                return Wait(InFunction, stack);
            if (!take(_item, value, this))
                return true;
            more = _steps.MoveNext(stack, null);
            if (stack.Suspending)
                return Wait(InSource, stack);
        }

        return true;
    }

    private bool Wait(int state, WovenStack stack)
    {
        State = state;
        stack.Push(this);
        return false;
    }

    private TResult End()
    {
        _steps.Dispose();
        // Throws as LINQ does.
        return IsFound == false ? Enumerable.Empty<TResult>().First(static _ => true) : Result;
    }
}
