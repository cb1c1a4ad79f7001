using System.Globalization;

namespace GreenletBridge.Core.Conformance;

/// <summary>Numbers that random tests begin with.</summary>
internal static class Seeds
{
    /// <summary>So many different ones, new in each run; the one of the environment variable SEED if it is set, to repeat a failure.</summary>
    public static IEnumerable<int> Take(int count) =>
        int.TryParse(Environment.GetEnvironmentVariable("SEED"), CultureInfo.InvariantCulture, out var seed)
            ? [seed]
            : Enumerable.Range(0, count).Select(static _ => Random.Shared.Next());

    /// <summary>How many a test takes: more in the long form, by the environment variable SEEDS.</summary>
    public static int Count(int inShort) =>
        int.TryParse(Environment.GetEnvironmentVariable("SEEDS"), CultureInfo.InvariantCulture, out var count) ? count : inShort;
}
