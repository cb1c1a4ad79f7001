namespace GreenletBridge.FastMode;

/// <summary>A chain that ends with Select.</summary>
internal sealed class SelectChain<T, TResult>(IEnumerable<T> source, Func<T, TResult> selector) : Chain<TResult>
{
    public override bool BeginsWithFirst => Chains.BeginsWithFirst(source);

    public override Steps<TResult> Begin(bool asArray) => new SelectSteps<T, TResult>(Chains.Begin(source, asArray), new WovenFunction<T, TResult>(selector));
}
