using System.ComponentModel;

namespace GreenletBridge.FastMode;

/// <summary>What woven code calls in place of methods of LINQ that are given functions which may wait.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LinqWaits
{
    /// <summary>As <see cref="Enumerable.Select{TSource, TResult}(IEnumerable{TSource}, Func{TSource, TResult})"/>.</summary>
    [Replaces(typeof(Enumerable), nameof(Enumerable.Select), MayLeadAnywhere = true)]
    public static IEnumerable<TResult> Select<T, TResult>(IEnumerable<T> source, Func<T, TResult> selector, WovenStack stack) =>
        Chains.Note(source.Select(selector), source, selector, static (s, code) => new SelectChain<T, TResult>(s, (Func<T, TResult>)code));

    /// <summary>As <see cref="Enumerable.Where{TSource}(IEnumerable{TSource}, Func{TSource, bool})"/>.</summary>
    [Replaces(typeof(Enumerable), nameof(Enumerable.Where), MayLeadAnywhere = true)]
    public static IEnumerable<T> Where<T>(IEnumerable<T> source, Func<T, bool> predicate, WovenStack stack) =>
        Chains.Note(source.Where(predicate), source, predicate, static (s, code) => new WhereChain<T>(s, (Func<T, bool>)code));

    /// <summary>As <see cref="Enumerable.SelectMany{TSource, TResult}(IEnumerable{TSource}, Func{TSource, IEnumerable{TResult}})"/>.</summary>
    [Replaces(typeof(Enumerable), nameof(Enumerable.SelectMany), MayLeadAnywhere = true)]
    public static IEnumerable<TResult> SelectMany<T, TResult>(IEnumerable<T> source, Func<T, IEnumerable<TResult>> selector, WovenStack stack) =>
        Chains.Note(source.SelectMany(selector), source, selector, static (s, code) => new SelectManyChain<T, TResult>(s, (Func<T, IEnumerable<TResult>>)code), mayGiveAny: true);

    /// <summary>As <see cref="IEnumerable{T}.GetEnumerator"/>.</summary>
    [Replaces(typeof(IEnumerable<>), nameof(IEnumerable<>.GetEnumerator), NeverSuspends = true)]
    public static IEnumerator<T> GetEnumerator<T>(IEnumerable<T> source, WovenStack stack) => Chains.Of(source) is { } chain ? chain.Begin(asArray: false) : source.GetEnumerator();

    /// <summary>As <see cref="Enumerable.Any{TSource}(IEnumerable{TSource}, Func{TSource, bool})"/>.</summary>
    [Replaces(typeof(Enumerable), nameof(Enumerable.Any), MayLeadAnywhere = true)]
    public static bool Any<T>(IEnumerable<T> source, Func<T, bool> predicate, WovenStack stack) => EachFrame<T, bool, bool>.MayWait(source, predicate)
        ? new EachFrame<T, bool, bool>(source, predicate, static (_, isWanted, each) => !(each.Result = isWanted)).Begin(stack)
        : source.Any(predicate);

    /// <summary>As <see cref="Enumerable.All{TSource}(IEnumerable{TSource}, Func{TSource, bool})"/>.</summary>
    [Replaces(typeof(Enumerable), nameof(Enumerable.All), MayLeadAnywhere = true)]
    public static bool All<T>(IEnumerable<T> source, Func<T, bool> predicate, WovenStack stack) => EachFrame<T, bool, bool>.MayWait(source, predicate)
        ? new EachFrame<T, bool, bool>(source, predicate, static (_, isWanted, each) => each.Result = isWanted) { Result = true }.Begin(stack)
        : source.All(predicate);

    /// <summary>As <see cref="Enumerable.Count{TSource}(IEnumerable{TSource}, Func{TSource, bool})"/>.</summary>
    [Replaces(typeof(Enumerable), nameof(Enumerable.Count), MayLeadAnywhere = true)]
    public static int Count<T>(IEnumerable<T> source, Func<T, bool> predicate, WovenStack stack) => EachFrame<T, bool, int>.MayWait(source, predicate)
        ? new EachFrame<T, bool, int>(source, predicate, static (_, isWanted, each) => { each.Result = checked(each.Result + (isWanted ? 1 : 0)); return true; }).Begin(stack)
        : source.Count(predicate);

    /// <summary>As <see cref="Enumerable.FirstOrDefault{TSource}(IEnumerable{TSource}, Func{TSource, bool})"/>.</summary>
    [Replaces(typeof(Enumerable), nameof(Enumerable.FirstOrDefault), MayLeadAnywhere = true)]
    public static T? FirstOrDefault<T>(IEnumerable<T> source, Func<T, bool> predicate, WovenStack stack) => EachFrame<T, bool, T?>.MayWait(source, predicate)
        ? new EachFrame<T, bool, T?>(source, predicate, static (item, isWanted, each) => { each.Result = isWanted ? item : default; return !isWanted; }).Begin(stack)
        : source.FirstOrDefault(predicate);

    /// <summary>As <see cref="Enumerable.First{TSource}(IEnumerable{TSource}, Func{TSource, bool})"/>.</summary>
    [Replaces(typeof(Enumerable), nameof(Enumerable.First), MayLeadAnywhere = true)]
    public static T First<T>(IEnumerable<T> source, Func<T, bool> predicate, WovenStack stack) => EachFrame<T, bool, T>.MayWait(source, predicate)
        ? new EachFrame<T, bool, T>(source, predicate, static (item, isWanted, each) => { (each.Result, each.IsFound) = (item, isWanted); return !isWanted; }) { IsFound = false }.Begin(stack)
        : source.First(predicate);

    /// <summary>As <see cref="Enumerable.Sum{TSource}(IEnumerable{TSource}, Func{TSource, int})"/>.</summary>
    [Replaces(typeof(Enumerable), nameof(Enumerable.Sum), MayLeadAnywhere = true)]
    public static int Sum<T>(IEnumerable<T> source, Func<T, int> selector, WovenStack stack) => EachFrame<T, int, int>.MayWait(source, selector)
        ? new EachFrame<T, int, int>(source, selector, static (_, value, each) => { each.Result = checked(each.Result + value); return true; }, isStepwise: true).Begin(stack)
        : source.Sum(selector);

    /// <summary>As <see cref="Enumerable.Sum{TSource}(IEnumerable{TSource}, Func{TSource, long})"/>.</summary>
    [Replaces(typeof(Enumerable), nameof(Enumerable.Sum), MayLeadAnywhere = true)]
    public static long Sum<T>(IEnumerable<T> source, Func<T, long> selector, WovenStack stack) => EachFrame<T, long, long>.MayWait(source, selector)
        ? new EachFrame<T, long, long>(source, selector, static (_, value, each) => { each.Result = checked(each.Result + value); return true; }, isStepwise: true).Begin(stack)
        : source.Sum(selector);

    /// <summary>As <see cref="Enumerable.Sum{TSource}(IEnumerable{TSource}, Func{TSource, decimal})"/>.</summary>
    [Replaces(typeof(Enumerable), nameof(Enumerable.Sum), MayLeadAnywhere = true)]
    public static decimal Sum<T>(IEnumerable<T> source, Func<T, decimal> selector, WovenStack stack) => EachFrame<T, decimal, decimal>.MayWait(source, selector)
        ? new EachFrame<T, decimal, decimal>(source, selector, static (_, value, each) => { each.Result += value; return true; }, isStepwise: true).Begin(stack)
        : source.Sum(selector);

#pragma warning disable MA0016 // As the method that it stands for
    /// <summary>As <see cref="List{T}.ForEach"/>.</summary>
    [Replaces(typeof(List<>), nameof(List<>.ForEach), MayLeadAnywhere = true)]
    public static void ForEach<T>(List<T> list, Action<T> action, WovenStack stack)
    {
        if (list is not null && Delegates.Find(action) is { } twin)
            new ForEachFrame<T>(list, twin, action.Target).Begin(stack);
        else
            list!.ForEach(action);
    }
#pragma warning restore MA0016
}
