namespace GreenletBridge.FastMode;

/// <summary>An enumeration that may wait in its steps.</summary>
/// <param name="steps">Of what is enumerated.</param>
/// <param name="state">What is collected.</param>
/// <param name="take">Takes an item; false: no more are wanted.</param>
/// <param name="end">Makes the value of what was collected.</param>
internal sealed class EnumerationFrame<T, TState, TResult>(Steps<T> steps, TState state, Func<TState, T, bool> take, Func<TState, TResult> end) : StepsFrame<T, TResult>(steps)
{
    private protected override bool Take(T item, WovenStack stack) => take(state, item);

    private protected override TResult End() => end(state);
}
