namespace GreenletBridge.TestSupport;

/// <summary>A timer of a <see cref="ManualTimeProvider"/>; its fields are guarded by the provider's lock.</summary>
internal sealed class ManualTimer(ManualTimeProvider provider, TimerCallback callback, object? state) : ITimer
{
    // A real timer runs its callback in the context of whoever made it.
    private readonly ExecutionContext? _context = ExecutionContext.Capture();

    public static Comparer<ManualTimer> DueOrder { get; } = Comparer<ManualTimer>.Create(static (x, y) =>
    {
        var byDue = x.Due.CompareTo(y.Due);
        return byDue != 0 ? byDue : x.Sequence.CompareTo(y.Sequence);
    });

    public long Due { get; set; }

    public long Period { get; set; }

    public long Sequence { get; set; }

    public bool IsDisposed { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period) =>
        provider.Arm(this, Ticks(dueTime, nameof(dueTime)), Ticks(period, nameof(period)));

    public void Dispose() => provider.Disarm(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal void Fire()
    {
        if (_context is null)
        {
            callback(state);
            return;
        }

        ExecutionContext.Run(_context, static self => ((ManualTimer)self!).Invoke(), this);
    }

    private static long Ticks(TimeSpan value, string name)
    {
        if (value == Timeout.InfiniteTimeSpan)
        {
            return -1;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, name);
        return value.Ticks;
    }

    private void Invoke() => callback(state);
}
