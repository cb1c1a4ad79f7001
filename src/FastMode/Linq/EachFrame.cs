namespace GreenletBridge.FastMode;

/// <summary>Calls a function with each item, until nothing more is to be known.</summary>
/// <param name="source">What has the items.</param>
/// <param name="code">Called with each.</param>
/// <param name="take">Takes an item, what the function gave for it, and this; false: no more are wanted.</param>
/// <param name="isStepwise">Whether LINQ never runs over the memory of an array or a list.</param>
internal sealed class EachFrame<T, TValue, TResult>(
    IEnumerable<T> source, Func<T, TValue> code, Func<T, TValue, EachFrame<T, TValue, TResult>, bool> take, bool isStepwise = false)
    : StepsFrame<T, TResult>(StepsOf(source, isStepwise))
{
    private readonly WovenFunction<T, TValue> _function = new(code);
    private T _item = default!;

    public TResult Result { get; set; } = default!;

    /// <summary>Whether there must be an item that is wanted: whether it has been found.</summary>
    public bool? IsFound { get; set; }

    /// <summary>Whether the function or the source may wait, and LINQ goes through the items in the same way.</summary>
    internal static bool MayWait(IEnumerable<T>? source, Func<T, TValue>? code) => source is not null && code is not null
        && (Chains.Of(source) is not null || (!Chains.IsOfLinq(source) && (Delegates.Find(code) is not null || Iterators.Find(source) is not null)));

    private protected override bool Take(T item, WovenStack stack)
    {
        _item = item;
        var value = _function.Invoke(item, stack);
        return !stack.Suspending && take(item, value, this);
    }

    private protected override bool TakeOn(WovenStack stack) => take(_item, stack.Take<TValue>(), this);

    // Throws as LINQ does.
    private protected override TResult End() => IsFound == false ? Enumerable.Empty<TResult>().First(static _ => true) : Result;

    // As LINQ does: over the memory of what is an array or a list itself, else step by step.
    private static Steps<T> StepsOf(IEnumerable<T> source, bool isStepwise) => !isStepwise && (source.GetType() == typeof(T[]) || source.GetType() == typeof(List<T>))
        ? Chains.Begin(source, asArray: true)
        : Chains.BeginEach(source);
}
