namespace GreenletBridge.FastMode;

/// <summary>A chain that ends with SelectMany.</summary>
internal sealed class SelectManyChain<T, TResult>(IEnumerable<T> source, Func<T, IEnumerable<TResult>> selector) : Chain<TResult>
{
    public override bool BeginsWithFirst => Chains.BeginsWithFirst(source);

    public override Steps<TResult> Begin(bool asArray) => new SelectManySteps<T, TResult>(Chains.BeginEach(source), new WovenFunction<T, IEnumerable<TResult>>(selector));
}
