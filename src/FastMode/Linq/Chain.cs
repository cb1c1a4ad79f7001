namespace GreenletBridge.FastMode;

/// <summary>What an operator of LINQ was given: by it what the operator made is enumerated by woven code.</summary>
internal abstract class Chain<T>
{
    /// <summary>Whether LINQ has no shorter way to the first item than the first step.</summary>
    public abstract bool BeginsWithFirst { get; }

    /// <param name="asArray">Whether LINQ runs over the memory of a list, as where it makes an array, and not through its enumerator.</param>
    public abstract Steps<T> Begin(bool asArray);
}
