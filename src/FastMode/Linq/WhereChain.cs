namespace GreenletBridge.FastMode;

/// <summary>A chain that ends with Where.</summary>
internal sealed class WhereChain<T>(IEnumerable<T> source, Func<T, bool> predicate) : Chain<T>
{
    public override bool BeginsWithFirst => Chains.BeginsWithFirst(source);

    // LINQ makes one of Where and what stands before it, unless that is a Select.
    public override Steps<T> Begin(bool asArray) => new WhereSteps<T>(Chains.Begin(source, asArray && Chains.Of(source) is null or WhereChain<T>), new WovenFunction<T, bool>(predicate));
}
