using System.Globalization;

namespace GreenletBridge.TestSupport;

/// <summary>One measurement of one instrument.</summary>
/// <param name="Instrument">The instrument's name.</param>
/// <param name="Unit">The instrument's unit; null if it has none.</param>
/// <param name="Value">The value, whatever its type was.</param>
/// <param name="Tags">The tags by name.</param>
public sealed record RecordedMeasurement(string Instrument, string? Unit, double Value, IReadOnlyDictionary<string, object?> Tags)
{
    /// <summary>True if the tag is there with that value.</summary>
    /// <param name="tag">The tag's name.</param>
    /// <param name="value">Compared with <see cref="object.Equals(object?, object?)"/>.</param>
    public bool Has(string tag, object? value) => Tags.TryGetValue(tag, out var own) && Equals(own, value);

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Instrument} {Value} {Unit} {{{string.Join(", ", Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"))}}}");
}
