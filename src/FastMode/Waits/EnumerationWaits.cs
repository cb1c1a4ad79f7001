using System.ComponentModel;

namespace GreenletBridge.FastMode;

/// <summary>What woven code calls in place of methods that run an enumeration to its end, or to its first item: the iterator may wait in it.</summary>
/// <remarks>Of any other enumeration they are called as they are.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class EnumerationWaits
{
#pragma warning disable MA0016 // As the method that it stands for
    /// <summary>As <see cref="Enumerable.ToList"/>.</summary>
    [Replaces(typeof(Enumerable), nameof(Enumerable.ToList), MayLeadAnywhere = true)]
    public static List<T> ToList<T>(IEnumerable<T> source, WovenStack stack) => Chains.Find(source) is { } steps
        ? new EnumerationFrame<T, List<T>, List<T>>(steps, [], static (list, item) => Add(list, item), static list => list).Begin(stack)
        : source.ToList();
#pragma warning restore MA0016

    /// <summary>As <see cref="Enumerable.ToArray"/>.</summary>
    [Replaces(typeof(Enumerable), nameof(Enumerable.ToArray), MayLeadAnywhere = true)]
    public static T[] ToArray<T>(IEnumerable<T> source, WovenStack stack) => Chains.Find(source) is { } steps
        ? new EnumerationFrame<T, List<T>, T[]>(steps, [], static (list, item) => Add(list, item), static list => [.. list]).Begin(stack)
        : source.ToArray();

    /// <summary>As <see cref="Enumerable.First{T}(IEnumerable{T})"/>.</summary>
    [Replaces(typeof(Enumerable), nameof(Enumerable.First), MayLeadAnywhere = true)]
    public static T First<T>(IEnumerable<T> source, WovenStack stack) => Chains.FindFirst(source) is { } steps
        ? new EnumerationFrame<T, List<T>, T>(steps, [], static (list, item) => Add(list, item, 1), Enumerable.First).Begin(stack)
        : source.First();

    /// <summary>As <see cref="Enumerable.FirstOrDefault{T}(IEnumerable{T})"/>.</summary>
    [Replaces(typeof(Enumerable), nameof(Enumerable.FirstOrDefault), MayLeadAnywhere = true)]
    public static T? FirstOrDefault<T>(IEnumerable<T> source, WovenStack stack) => Chains.FindFirst(source) is { } steps
        ? new EnumerationFrame<T, List<T>, T?>(steps, [], static (list, item) => Add(list, item, 1), Enumerable.FirstOrDefault).Begin(stack)
        : source.FirstOrDefault();

    /// <summary>As <see cref="Enumerable.Single{T}(IEnumerable{T})"/>.</summary>
    [Replaces(typeof(Enumerable), nameof(Enumerable.Single), MayLeadAnywhere = true)]
    public static T Single<T>(IEnumerable<T> source, WovenStack stack) => Chains.FindIterator(source) is { } steps
        ? new EnumerationFrame<T, List<T>, T>(steps, [], static (list, item) => Add(list, item, 2), Enumerable.Single).Begin(stack)
        : source.Single();

    /// <summary>As <see cref="Enumerable.SingleOrDefault{T}(IEnumerable{T})"/>.</summary>
    [Replaces(typeof(Enumerable), nameof(Enumerable.SingleOrDefault), MayLeadAnywhere = true)]
    public static T? SingleOrDefault<T>(IEnumerable<T> source, WovenStack stack) => Chains.FindIterator(source) is { } steps
        ? new EnumerationFrame<T, List<T>, T?>(steps, [], static (list, item) => Add(list, item, 2), Enumerable.SingleOrDefault).Begin(stack)
        : source.SingleOrDefault();

    /// <summary>As <see cref="Enumerable.Any{T}(IEnumerable{T})"/>.</summary>
    [Replaces(typeof(Enumerable), nameof(Enumerable.Any), MayLeadAnywhere = true)]
    public static bool Any<T>(IEnumerable<T> source, WovenStack stack) => Chains.FindIterator(source) is { } steps
        ? new EnumerationFrame<T, List<T>, bool>(steps, [], static (list, item) => Add(list, item, 1), static list => list.Count > 0).Begin(stack)
        : source.Any();

    /// <summary>As <see cref="Enumerable.Count{T}(IEnumerable{T})"/>.</summary>
    [Replaces(typeof(Enumerable), nameof(Enumerable.Count), MayLeadAnywhere = true)]
    public static int Count<T>(IEnumerable<T> source, WovenStack stack) => Chains.FindIterator(source) is { } steps
        ? new EnumerationFrame<T, StrongBox, int>(steps, new StrongBox(), static (count, _) => { checked { count.Value++; } return true; }, static count => count.Value).Begin(stack)
        : source.Count();

    private static bool Add<T>(List<T> list, T item, int most = int.MaxValue)
    {
        list.Add(item);
        return list.Count < most;
    }

    private sealed class StrongBox
    {
        internal int Value;
    }
}
