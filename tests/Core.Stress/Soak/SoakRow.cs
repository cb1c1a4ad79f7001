using System.Globalization;

namespace GreenletBridge.Core.Stress.Soak;

/// <summary>How things stood at one look of a soak.</summary>
internal sealed record SoakRow
{
    public const string Head =
        "| after | greenlets | a second | killed | gave up | begun after, µs p50 | p99 | slowest, ms | heap, MiB | resident, MiB | threads | carriers | descriptors |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|";

    public required TimeSpan After { get; init; }

    public required long Greenlets { get; init; }

    public required double PerSecond { get; init; }

    public required long Killed { get; init; }

    public required long GivenUp { get; init; }

    /// <summary>How long greenlets waited for their begin, ascending, in microseconds.</summary>
    public required double[] Latencies { get; init; }

    public required long HeapBytes { get; init; }

    public required long ResidentBytes { get; init; }

    public required int Threads { get; init; }

    public required int Carriers { get; init; }

    public required int? Descriptors { get; init; }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {After:hh\\:mm\\:ss} | {Greenlets} | {PerSecond:0} | {Killed} | {GivenUp} | {At(0.5):0} | {At(0.99):0} | {At(1) / 1000:0} | {HeapBytes / 1048576.0:0.0} | {ResidentBytes / 1048576.0:0} | {Threads} | {Carriers} | {Descriptors} |");

    private double At(double share) => Latencies.Length == 0 ? 0 : Latencies[Math.Min(Latencies.Length - 1, (int)(share * Latencies.Length))];
}
