namespace GreenletBridge.TestSupport;

/// <summary>How much more than at its start a <see cref="LeakCheck"/> accepts at its end.</summary>
/// <remarks>
/// The heap, the descriptors and the number of threads belong to the whole process: compare them only where no other
/// test runs at the same time.
/// </remarks>
public sealed record LeakLimits
{
    /// <summary>The rule for a check that owns the process: threads +0, descriptors +2, heap +1 MiB.</summary>
    public static LeakLimits WholeProcess { get; } = new() { Threads = 0, Descriptors = 2, HeapBytes = 1024 * 1024 };

    /// <summary>Only what was named with <see cref="LeakCheck.Watch"/>: for checks beside which other tests run.</summary>
    public static LeakLimits WatchedOnly { get; } = new();

    /// <summary>Threads more than at the start.</summary>
    /// <value>Null: not compared.</value>
    public int? Threads { get; init; }

    /// <summary>Compares only threads whose name begins so.</summary>
    /// <value>Null: all threads. At most 15 characters; counts none where the system has no <c>/proc</c>.</value>
    public string? ThreadNamePrefix { get; init; }

    /// <summary>Open descriptors more than at the start.</summary>
    /// <value>Null: not compared.</value>
    public int? Descriptors { get; init; }

    /// <summary>Bytes of managed heap more than at the start, after full collections.</summary>
    /// <value>Null: not compared.</value>
    public long? HeapBytes { get; init; }

    /// <summary>How long figures may take to come back.</summary>
    /// <value>10 s by default.</value>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(10);
}
