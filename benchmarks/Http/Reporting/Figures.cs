using System.Globalization;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>Median, spread and percentiles of measured rounds.</summary>
internal static class Figures
{
    /// <summary>The middle value; the mean of the two in the middle of an even number. NaN of none.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>Half the range: the ± beside a median.</summary>
    public static double Spread(IReadOnlyCollection<double> values) => values.Count == 0 ? double.NaN : (values.Max() - values.Min()) / 2;

    /// <summary>The smallest value that at least the given share of all does not exceed. NaN of none.</summary>
    public static double Percentile(IReadOnlyList<double> ascending, double share) =>
        ascending.Count == 0 ? double.NaN : ascending[Math.Clamp((int)Math.Ceiling(share * ascending.Count) - 1, 0, ascending.Count - 1)];

    /// <summary>"median ±spread" with the given number format.</summary>
    public static string Text(IReadOnlyCollection<double> values, string format) =>
        values.Count == 0 ? "—" : $"{Text(Median(values), format)} ±{Text(Spread(values), format)}";

    /// <summary>A number in the given format.</summary>
    public static string Text(double value, string format) => double.IsNaN(value) ? "—" : value.ToString(format, CultureInfo.InvariantCulture);
}
