namespace GreenletBridge;

/// <summary>A turn of the hub, for woven code: the wait itself goes round once, as the item that it is.</summary>
/// <remarks>Half the way, and a third of the memory, of a <see cref="YieldSource"/>, whose end only posts the wait.</remarks>
internal sealed class TurnSource : IWaitSource
{
    private TurnSource(object? value) => Value = value;

    /// <summary>For calls that return nothing.</summary>
    internal static TurnSource Plain { get; } = new(null);

    /// <summary>For calls that return a value.</summary>
    /// <param name="value">The value, as woven code passes it on.</param>
    internal static TurnSource Of(object value) => new(value);

    /// <summary>What the call returns.</summary>
    internal object? Value { get; }

    public bool TryAdd(Waiter waiter) => throw new NotSupportedException("The wait is its own source.");

    public void Remove(Waiter waiter)
    {
        // It comes round once and finds a waiter that has ended.
    }

    public string Describe() => "its turn";
}
