using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GreenletBridge.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GreenletBridge.Hosting.Tests.Schema;

public partial class JsonSchemaToolTests
{
    // A section, and what the validator names
    private static readonly (string Section, string Named)[] _wrong =
    [
        ("""{ "Request": {} }""", "Request"),
        ("""{ "Requests": { "Hub": 1 } }""", "'Hub'"),
        ("""{ "Requests": { "Hubs": 0 } }""", "minimum"),
        ("""{ "Requests": { "Hubs": "two" } }""", "two"),
        ("""{ "Requests": { "Concurrency": -1 } }""", "minimum"),
        ("""{ "Requests": { "Completion": "Never" } }""", "Never"),
        ("""{ "Requests": { "MaxBlockingTime": "100 ms" } }""", "100 ms"),
        ("""{ "DrainTimeout": 30 }""", "30"),
        ("""{ "DrainTimeout": "30" }""", "30"),
        ("""{ "DrainTimeout": "-00:00:01" }""", "-00:00:01"),
        ("""{ "DrainTimeout": "00:00:75" }""", "00:00:75"),
        ("""{ "Hubs": { "legacy": { "Exclusive": "yes" } } }""", "yes"),
        ("""{ "Hubs": { "legacy": { "BlockingPolicy": "Ignore" } } }""", "Ignore"),
        ("""{ "Hubs": [ "legacy" ] }""", "legacy"),
        ("""{ "Carriers": { "Max": 20001 } }""", "maximum"),
        ("""{ "Health": { "RefuseRequests": 1 } }""", "boolean"),
    ];

    private static readonly string[] _timeSpans = ["00:00:30", "00:00:00.250", "0.02:03:04", "5:30"];

    [Fact]
    public async Task Schema_SamplesDocumentedSettingsDefaultsAndTimeSpans_AreValid()
    {
        var samples = Directory.GetFiles(Repository.PathOf("samples"), "appsettings*.json", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();
        var shown = Directory.GetFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories).Append(Repository.PathOf("README.md"))
            .SelectMany(page => Json().Matches(File.ReadAllText(page)).Select(block => block.Groups["text"].Value))
            .Where(json => json.Contains("\"GreenletBridge\":", StringComparison.Ordinal))
            .ToList();
        var times = _timeSpans.Select(value => $$"""{ "GreenletBridge": { "DrainTimeout": "{{value}}" } }""");

        Assert.NotEmpty(samples);
        Assert.NotEmpty(shown);
        Assert.All(await JsonSchemaTool.ErrorsOfAsync([.. samples, .. shown, .. times, Defaults()]), Assert.Empty);
    }

    [Fact]
    public async Task Schema_WrongFiles_AreRefusedAndTheValueNamed()
    {
        var errors = await JsonSchemaTool.ErrorsOfAsync([.. _wrong.Select(wrong => $$"""{ "GreenletBridge": {{wrong.Section}} }""")]);

        Assert.All(_wrong.Zip(errors), pair => Assert.Contains(pair.First.Named, pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_WithTheWrongFiles_IsRefusedAsWell()
    {
        foreach (var (section, _) in _wrong)
        {
            var settings = Flatten("GreenletBridge", JsonNode.Parse(section)!);

            // A number for a boolean, and a list for an object, read like something else in a configuration, but not like a setting
            Assert.NotEmpty(await Settings.StartErrorsAsync(settings));
        }
    }

    [Fact]
    public void Bind_TimeSpansThatTheSchemaAllows_AreRead()
    {
        foreach (var value in _timeSpans)
        {
            var options = Settings.Read(
                [("GreenletBridge:DrainTimeout", value)], services => services.Configure<HostOptions>(host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan));

            Assert.Equal(TimeSpan.Parse(value, CultureInfo.InvariantCulture), options.DrainTimeout);
        }
    }

    [GeneratedRegex(@"^```json\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Json();

    private static string Defaults()
    {
        var section = JsonNode.Parse(SettingsSchema.Generate())!["properties"]!["GreenletBridge"]!;
        var hub = DefaultsOf(section["properties"]!["Hubs"]!["additionalProperties"]!);
        var defaults = DefaultsOf(section);
        Assert.True(hub.ContainsKey("Exclusive") && defaults.ContainsKey("DrainTimeout"));
        defaults["Hubs"] = new JsonObject { ["legacy"] = hub };
        return new JsonObject { ["GreenletBridge"] = defaults }.ToJsonString();
    }

    private static JsonObject DefaultsOf(JsonNode schema)
    {
        var result = new JsonObject();
        foreach (var (name, setting) in schema["properties"]!.AsObject())
        {
            if (setting!["default"] is { } value)
            {
                result[name] = value.DeepClone();
            }
            else if (setting["properties"] is not null)
            {
                result[name] = DefaultsOf(setting);
            }
        }

        return result;
    }

    // As the JSON provider of the configuration does
    private static IEnumerable<(string Key, string? Value)> Flatten(string path, JsonNode node) => node switch
    {
        JsonObject { Count: > 0 } fields => fields.SelectMany(field => Flatten($"{path}:{field.Key}", field.Value!)),
        JsonArray items => items.SelectMany((item, i) => Flatten($"{path}:{i}", item!)),
        JsonObject => [(path, null)],
        _ => [(path, node.ToString())],
    };
}
