using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Numerics;

namespace GreenletBridge.TestSupport;

/// <summary>Keeps what the instruments of one meter measure.</summary>
/// <remarks>
/// Make it before or after the meter: instruments that exist already are found. Safe for use by any thread. Give the
/// container's meter factory where several hosts run in the process, or each recorder hears them all.
/// </remarks>
public sealed class MetricRecorder : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<RecordedMeasurement> _measurements = new();
    private readonly ConcurrentDictionary<string, Instrument> _instruments = new(StringComparer.Ordinal);

    /// <summary>Starts to record.</summary>
    /// <param name="meterName">The meter's name, compared ordinally.</param>
    /// <param name="scope">Only meters of this scope (an <see cref="IMeterFactory"/> sets itself); null: all.</param>
    public MetricRecorder(string meterName, object? scope = null)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == meterName && (scope is null || ReferenceEquals(instrument.Meter.Scope, scope)))
            {
                _instruments[instrument.Name] = instrument;
                listener.EnableMeasurementEvents(instrument);
            }
        };
        Listen<byte>();
        Listen<short>();
        Listen<int>();
        Listen<long>();
        Listen<float>();
        Listen<double>();
        Listen<decimal>();
        _listener.Start();
    }

    /// <summary>The instruments seen, by name.</summary>
    public IReadOnlyDictionary<string, Instrument> Instruments => _instruments;

    /// <summary>Everything measured so far, oldest first.</summary>
    public IReadOnlyList<RecordedMeasurement> All => [.. _measurements];

    /// <summary>What one instrument measured, oldest first.</summary>
    /// <param name="instrument">The instrument's name.</param>
    public IReadOnlyList<RecordedMeasurement> Of(string instrument) => [.. _measurements.Where(measurement => measurement.Instrument == instrument)];

    /// <summary>The sum of what one instrument measured, such as the present value of an up-down counter.</summary>
    /// <param name="instrument">The instrument's name.</param>
    public double Sum(string instrument) => Of(instrument).Sum(measurement => measurement.Value);

    /// <summary>Asks the observable instruments now.</summary>
    /// <param name="instrument">The one whose answers to return.</param>
    /// <returns>Its answers of this round only.</returns>
    public IReadOnlyList<RecordedMeasurement> Observe(string instrument)
    {
        var before = Of(instrument).Count;
        _listener.RecordObservableInstruments();
        return [.. Of(instrument).Skip(before)];
    }

    /// <summary>Every value one tag had, over all instruments: to hold that the set is closed.</summary>
    /// <param name="tag">The tag's name.</param>
    public IReadOnlySet<object?> TagValues(string tag) =>
        _measurements.Where(measurement => measurement.Tags.ContainsKey(tag)).Select(measurement => measurement.Tags[tag]).ToHashSet();

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    /// <inheritdoc/>
    public override string ToString() =>
        _measurements.IsEmpty ? "(no measurements)" : string.Join(Environment.NewLine, _measurements.Select(measurement => measurement.ToString()));

    private void Listen<T>()
        where T : struct, INumber<T> => _listener.SetMeasurementEventCallback<T>(Record);

    private void Record<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
        where T : struct, INumber<T>
    {
        var byName = new Dictionary<string, object?>(tags.Length, StringComparer.Ordinal);
        foreach (var (name, tagValue) in tags)
        {
            byName[name] = tagValue;
        }

        _measurements.Enqueue(new RecordedMeasurement(instrument.Name, instrument.Unit, double.CreateChecked(value), byName));
    }
}
