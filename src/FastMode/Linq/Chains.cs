using System.Collections;
using System.Runtime.CompilerServices;

namespace GreenletBridge.FastMode;

/// <summary>Which of the objects that LINQ has made woven code enumerates in its own way. They stay what they are: all other code enumerates them plainly.</summary>
internal static class Chains
{
    private static readonly ConditionalWeakTable<object, object> _chains = [];
    private static volatile bool _any;

    /// <summary>The chain of what an operator made; null when it has none.</summary>
    internal static Chain<T>? Of<T>(IEnumerable<T>? made) =>
        _any && made is not null && IsOfLinq(made) && _chains.TryGetValue(made, out var chain) ? chain as Chain<T> : null;

    /// <summary>The steps of what may wait in them; null when it is to be enumerated plainly.</summary>
    internal static Steps<T>? Find<T>(IEnumerable<T> source) => Of(source) is { } chain ? chain.Begin(asArray: true) : FindIterator(source);

    /// <summary>As <see cref="Find"/>, when only the first item is wanted.</summary>
    internal static Steps<T>? FindFirst<T>(IEnumerable<T> source) => Of(source) is { BeginsWithFirst: false } ? null : Find(source);

    /// <summary>As <see cref="Find"/>, but not of what an operator made. Of a collection LINQ takes the items, or their number, without steps.</summary>
    internal static Steps<T>? FindIterator<T>(IEnumerable<T> source) =>
        Iterators.Find(source) is not null && source is not (ICollection<T> or ICollection) ? new SourceSteps<T>(source, asList: false) : null;

    /// <summary>Notes what an operator was given, if anything in it may wait.</summary>
    internal static IEnumerable<TResult> Note<T, TResult>(IEnumerable<TResult> made, IEnumerable<T> source, Delegate code, Func<IEnumerable<T>, Delegate, Chain<TResult>> chain, bool mayGiveAny = false)
    {
        // What is empty may be an object that all share. Lists of other kinds LINQ asks item by item.
        if ((source is IList<T> and not (T[] or List<T>) && !IsOfLinq(source)) || made is Array || !IsIterator(made)
            || (!mayGiveAny && Delegates.Find(code) is null && Of(source) is null && Iterators.Find(source) is null))
        {
            return made;
        }

        _chains.TryAdd(made, chain(source, code));
        _any = true;
        return made;
    }

    internal static Steps<T> Begin<T>(IEnumerable<T> source, bool asArray) => Of(source) is { } chain ? chain.Begin(asArray)
        : asArray && source is T[] array ? new ArraySteps<T>(array)
        : asArray && source is List<T> list ? new ArraySteps<T>(list)
        : new SourceSteps<T>(source, asList: true);

    /// <summary>As a foreach statement would.</summary>
    internal static Steps<T> BeginEach<T>(IEnumerable<T> source) => Of(source) is { } chain ? chain.Begin(asArray: false) : new SourceSteps<T>(source, asList: false);

    internal static bool BeginsWithFirst<T>(IEnumerable<T> source) => Of(source) is { } chain ? chain.BeginsWithFirst : !IsOfLinq(source);

    internal static bool IsOfLinq(object made) => made.GetType().Module == typeof(Enumerable).Module;

    private static bool IsIterator(object made) => IsOfLinq(made) && made.GetType().BaseType is { IsGenericType: true, Name: "Iterator`1" };
}
