using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using GreenletBridge.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting.Tests.Diagnostics;

/// <summary>Holds docs/diagnostics.md against the code, both ways.</summary>
public partial class DocumentationTests
{
    private static readonly string[] _lines = File.ReadAllLines(Repository.PathOf("docs/diagnostics.md"));

    [Fact]
    public async Task Metrics_OfTheMeter_AreThoseOfTheTable()
    {
        await using var host = await ObservedHost.StartAsync();
        using var metrics = host.Record();

        Assert.Equal(
            metrics.Instruments.Values.Select(i => $"{i.Name} {Kind(i)} {i.Unit}").Order(),
            Rows("instrument").Select(row => $"{row[0]} {row[1]} {row[2]}").Order());
        Assert.All(metrics.Instruments.Values, i => Assert.False(string.IsNullOrEmpty(i.Description)));
    }

    [Fact]
    public async Task MetricTags_OfEveryMeasurement_AreThoseOfTheTables()
    {
        await using var host = await ObservedHost.StartAsync();
        using var metrics = host.Record();
        await host.CallAsync(() => Task.CompletedTask);
        host.Services.GetRequiredService<RequestMetrics>().Begun(host.Hubs.Requests, 0);
        foreach (var kind in Enum.GetValues<BlockageKind>())
        {
            Blocked.EndAtA(Blocked.On(host.Hubs.All.First(), kind));
            Blocked.EndAtA(Blocked.On(host.Hubs.All.First(), kind, handedOff: true));
        }

        foreach (var reason in Enum.GetValues<RefusalReason>())
        {
            host.Services.GetRequiredService<RequestMetrics>().Refused(host.Hubs.Requests, new Refusal(reason, TimeSpan.Zero));
        }

        await Deadline.Until(() => metrics.Of("greenletbridge.hub.segment.duration").Count > 0, "a segment");
        metrics.Observe("greenletbridge.hub.load");

        var documented = Rows("instrument").ToDictionary(row => row[0], row => row[3].Split(", ", StringSplitOptions.RemoveEmptyEntries).Order());
        foreach (var measured in metrics.All)
            Assert.Equal(documented[measured.Instrument], measured.Tags.Keys.Order());

        var values = Rows("tag").ToDictionary(row => row[0], row => Quoted().Matches(row[1]).Select(match => match.Groups[1].Value).Order());
        foreach (var (tag, known) in values.Where(pair => pair.Key != GreenletMetrics.HubTag))
            Assert.Equal(known, metrics.TagValues(tag).Select(value => $"{value}".ToLowerInvariant()).Order());
        Assert.Equal(["legacy", "requests", "requests-0"], metrics.TagValues(GreenletMetrics.HubTag).Select(value => (string)value!).Order());
        Assert.Equal(values.Keys.Order(), metrics.All.SelectMany(m => m.Tags.Keys).Distinct().Order());
    }

    [Fact]
    public void SpanParts_OfTheTracing_AreThoseOfTheTable()
    {
        string[] parts =
        [
            GreenletTracing.IdTag, GreenletMetrics.HubTag, GreenletTracing.QueueTag, GreenletTracing.StatusTag, GreenletTracing.WaitEvent,
            GreenletTracing.ReasonTag, GreenletTracing.DurationTag, GreenletTracing.DroppedTag,
        ];

        Assert.Equal(parts.Order(), Rows("part of the span").Select(row => Quoted().Match(row[0]).Groups[1].Value).Order());
        Assert.Contains($"Activity source `{GreenletTracing.SourceName}`", string.Join('\n', _lines), StringComparison.Ordinal);
    }

    [Fact]
    public void LogEvents_OfTheAssembly_AreThoseOfTheTable()
    {
        var inCode = typeof(GreenletMetrics).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (Type: method.DeclaringType!.DeclaringType?.Name, Log: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(pair => pair.Log is not null)
            .Select(pair => $"{pair.Type} {pair.Log!.EventId.ToString(CultureInfo.InvariantCulture)} {pair.Log.EventName} {(pair.Log.Level != LogLevel.None ? pair.Log.Level : pair.Log.EventName == "BlockageEnded" ? "Warning; Information if handed off, or Debug if shorter than MaxBlockingTime as well" : "Warning, or Debug if handed off")}");

        Assert.Equal(inCode.Order(), Rows("category").Select(row => $"{row[0]} {row[1]} {row[2]} {row[3]}").Order());
    }

    [Fact]
    public void Events_OfTheEventSource_AreThoseOfTheTables()
    {
        Assert.Equal(
            EventSourceNames.Events.Select(e => $"{e.Event.EventId} {e.Name} {e.Event.Level} 0x{(long)e.Event.Keywords:x}").Order(),
            Rows("id").Select(row => string.Join(' ', row)).Order());
        Assert.Equal(EventSourceNames.Counters.Order(), Rows("counter").Select(row => row[0]).Order());
    }

    private static string Kind(Instrument instrument) => instrument.GetType().Name.Split('`')[0];

    /// <summary>The rows of the table whose first column has that title, without the marks of code.</summary>
    private static List<string[]> Rows(string firstColumn) =>
    [
        .. _lines.SkipWhile(line => !line.StartsWith($"| {firstColumn} |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split(" | ").Select((cell, i) => i == 1 && firstColumn == "tag" || firstColumn == "part of the span" ? cell.Trim() : cell.Trim().Replace("`", "", StringComparison.Ordinal)).ToArray()),
    ];

    [GeneratedRegex("`([^`]+)`", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();
}
