using System.Text.RegularExpressions;
using GreenletBridge.TestSupport;

namespace GreenletBridge.Hosting.Tests.Diagnostics;

/// <summary>Every documented value of every tag is measured by a test. Reads the tests' sources.</summary>
public partial class MetricTagTests
{
    private static readonly Dictionary<string, string> _constants = new()
    {
        ["greenletbridge.greenlet.state"] = nameof(GreenletMetrics.StateTag),
        ["greenletbridge.carrier.state"] = nameof(GreenletMetrics.CarrierStateTag),
        ["greenletbridge.reason"] = "Reason",
        ["greenletbridge.blockage.kind"] = nameof(GreenletMetrics.KindTag),
        ["greenletbridge.blockage.handed_off"] = nameof(GreenletMetrics.HandedOffTag),
    };

    public static TheoryData<string, string> Values()
    {
        var data = new TheoryData<string, string>();
        foreach (var row in File.ReadLines(Repository.PathOf("docs/diagnostics.md")).SkipWhile(line => !line.StartsWith("| tag |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|')))
        {
            var names = Quoted().Matches(row).Select(match => match.Groups[1].Value).ToList();
            foreach (var value in names.Skip(1).Where(_ => names[0] != GreenletMetrics.HubTag))
                data.Add(names[0], value);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void TagValue_Documented_IsMeasuredByATest(string tag, string value)
    {
        var expected = value is "true" or "false" ? value : $"\"{value}\"";
        var assertion = new Regex($@"Has\((?:GreenletMetrics\.)?{_constants[tag]}, {Regex.Escape(expected)}\)");

        Assert.Contains(
            Directory.EnumerateFiles(Repository.PathOf("tests"), "*Tests.cs", SearchOption.AllDirectories).Select(File.ReadAllText),
            text => assertion.IsMatch(text));
    }

    [Fact]
    public void Values_OfTheTable_AreFound() => Assert.Equal(12, Values().Count);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
