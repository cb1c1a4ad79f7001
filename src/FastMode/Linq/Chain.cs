using System.Collections;

namespace GreenletBridge.FastMode;

/// <summary>What an operator of LINQ was given: by it what the operator made is enumerated by woven code.</summary>
internal abstract class Chain<T> : IEnumerable<T>
{
    /// <summary>Whether LINQ has no shorter way to the first item than the first step.</summary>
    public abstract bool BeginsWithFirst { get; }

    /// <summary>Of the steps.</summary>
    public abstract DelegateTwin Twin { get; }

    /// <param name="asArray">Whether LINQ runs over the memory of a list, as where it makes an array, and not through its enumerator.</param>
    public abstract Steps<T> Begin(bool asArray);

    // Asked for by what takes all items, or the first.
    public IEnumerator<T> GetEnumerator() => Begin(asArray: true);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
