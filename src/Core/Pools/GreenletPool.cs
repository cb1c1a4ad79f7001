namespace GreenletBridge;

/// <summary>A group with a number of places: a spawn waits until one is free. The longest waiting spawner gets the next place.</summary>
/// <remarks>All members may be used from any thread.</remarks>
/// <example><code>
/// var pool = new GreenletPool(10);
/// foreach (var url in urls)
///     pool.Spawn(() => Fetch(url));                       // waits while ten are at work
/// pool.Join();
///
/// var pages = pool.Map(urls, Fetch);                      // in the order of the urls
/// foreach (var page in pool.IMapUnordered(urls, Fetch))   // as they come, never more than ten ahead
///     Store(page);
/// </code></example>
public sealed partial class GreenletPool : GreenletGroup
{
    private readonly GreenletSemaphore _places;

    /// <summary>Makes an empty pool.</summary>
    /// <param name="size">How many places it has; at least 1.</param>
    /// <param name="hub">What runs its greenlets; null (the default): the hub that the caller is on, else <see cref="Hub.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is less than 1.</exception>
    public GreenletPool(int size, Hub? hub = null)
        : base(hub)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Size = size;
        _places = new GreenletSemaphore(size, size);
    }

    /// <summary>How many places it has.</summary>
    public int Size { get; }

    /// <summary>How many places are free now.</summary>
    public int FreeCount => _places.Count;

    private protected override int DefaultBound => Size;

    private protected override bool TryEnter(TimeSpan? timeout, CancellationToken cancellationToken) =>
        _places.TryAcquire(timeout ?? Timeout.InfiniteTimeSpan, cancellationToken);

    private protected override ValueTask<bool> TryEnterAsync(TimeSpan? timeout, CancellationToken cancellationToken) =>
        _places.TryAcquireAsync(timeout ?? Timeout.InfiniteTimeSpan, cancellationToken);

    private protected override void Leave() => _places.Release();
}
