namespace GreenletBridge;

/// <summary>A queue whose newest item is taken first.</summary>
/// <typeparam name="T">The type of the items.</typeparam>
/// <example><code>
/// var idle = new GreenletLifoQueue&lt;Connection&gt;();  // the one used last is the warmest
/// var connection = idle.Get();
/// idle.Put(connection);
/// </code></example>
public sealed class GreenletLifoQueue<T> : GreenletQueue<T>
{
    /// <summary>Creates a queue.</summary>
    /// <param name="capacity">Items it holds at most, at least 1; null (the default): any number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 1.</exception>
    public GreenletLifoQueue(int? capacity = null)
        : base(capacity, new LastInStore<T>())
    {
    }
}
