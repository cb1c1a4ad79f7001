namespace GreenletBridge;

/// <summary>A queue whose least item is taken first; first in, first out among equals.</summary>
/// <remarks>
/// The comparer runs on the thread that puts, outside of all locks: it may wait, and what it throws is thrown by the put, which then has
/// put nothing. It must be consistent and may be called by several threads at once.
/// </remarks>
/// <typeparam name="T">The type of the items.</typeparam>
/// <example><code>
/// var alarms = new GreenletPriorityQueue&lt;(int Level, string Text)&gt;();
/// alarms.Put((2, "disk is slow"));
/// alarms.Put((1, "disk is full"));
/// var first = alarms.Get();                          // (1, "disk is full")
/// </code></example>
public sealed class GreenletPriorityQueue<T> : GreenletQueue<T>
{
    /// <summary>Creates a queue.</summary>
    /// <param name="capacity">Items it holds at most, at least 1; null (the default): any number.</param>
    /// <param name="comparer">Which item is less; null (the default): the type's own order.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 1.</exception>
    public GreenletPriorityQueue(int? capacity = null, IComparer<T>? comparer = null)
        : base(capacity, new SortedStore<T>(comparer ?? Comparer<T>.Default))
    {
    }
}
