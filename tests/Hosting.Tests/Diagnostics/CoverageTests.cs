using System.Reflection;
using System.Text.RegularExpressions;
using GreenletBridge.TestSupport;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting.Tests.Diagnostics;

/// <summary>Whatever the code can log, measure, tag or write as an event is in a test that waits for it. Reads the tests' sources.</summary>
public partial class CoverageTests
{
    // The documentation's own test knows all names; it is no proof that any of them comes
    private static readonly string[] _notCounted = [nameof(CoverageTests), nameof(DocumentationTests), nameof(EventSourceNames), "MetricTagTests"];

    private static readonly string _tests = string.Join(
        '\n',
        Directory.EnumerateFiles(Repository.PathOf("tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => file.Contains("Hosting.", StringComparison.Ordinal) || file.Contains("WebApi.", StringComparison.Ordinal))
            .Where(file => !_notCounted.Contains(Path.GetFileNameWithoutExtension(file)))
            .Select(File.ReadAllText));

    public static TheoryData<string> LogEvents() =>
    [
        .. typeof(GreenletMetrics).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()?.EventName)
            .OfType<string>(),
    ];

    public static TheoryData<string> EventsAndCounters() => [.. EventSourceNames.Events.Select(e => e.Name), .. EventSourceNames.Counters];

    public static TheoryData<string> Metrics() =>
    [
        .. Directory.EnumerateFiles(Repository.PathOf("src/Hosting"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Instrument().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)),
    ];

    [Theory]
    [MemberData(nameof(LogEvents))]
    public void LogEvent_OfTheAssembly_IsAwaitedByATest(string name) =>
        Assert.True(Regex.IsMatch(_tests, $@"(Named\(|EventId\.Name (==|is)[^;]*)""{name}"""), $"No test looks for the log event {name}.");

    [Theory]
    [MemberData(nameof(EventsAndCounters))]
    public void Event_OfTheEventSource_IsAwaitedByATest(string name) =>
        Assert.True(
            Regex.IsMatch(_tests, $@"EventName == ""{name}""") || (_tests.Contains("EventSourceNames.Counters)", StringComparison.Ordinal) && EventSourceNames.Counters.Contains(name)),
            $"No test looks for the event or counter {name}.");

    [Theory]
    [MemberData(nameof(Metrics))]
    public void Metric_OfTheMeter_IsMeasuredByATest(string name) =>
        Assert.True(Regex.IsMatch(_tests, $@"(Of|Observe)\(""{Regex.Escape(name)}""\)"), $"No test looks at the metric {name}.");

    [Fact]
    public void Names_OfTheCode_AreFound()
    {
        Assert.True(LogEvents().Count > 25);
        Assert.Equal(10, Metrics().Count);
        Assert.True(EventsAndCounters().Count > 14);
    }

    [GeneratedRegex(@"Create\w+(?:<\w+>)?\(\s*""(greenletbridge\.[a-z_.]+)""")]
    private static partial Regex Instrument();
}
