using System.Text.Json.Nodes;
using GreenletBridge.TestSupport;

namespace GreenletBridge.Hosting.Tests.Schema;

public class SettingsSchemaTests
{
    private const string FileName = "appsettings.schema.json";

    [Fact]
    public void SchemaFile_ComparedWithTheOptions_IsNotStale()
    {
        var path = Repository.PathOf(FileName);
        var expected = SettingsSchema.Generate();
        if (Environment.GetEnvironmentVariable("UPDATE_SCHEMA") == "1")
        {
            File.WriteAllText(path, expected);
        }

        var actual = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";

        Assert.True(expected == actual, $"{FileName} is stale: UPDATE_SCHEMA=1 dotnet test tests/Hosting.Tests writes it anew.");
    }

    [Fact]
    public void SettingsPage_ComparedWithTheOptions_IsNotStale()
    {
        var path = Repository.PathOf("docs/settings.md");
        var expected = SettingsTable.Renew(File.ReadAllText(path));
        if (Environment.GetEnvironmentVariable("UPDATE_SCHEMA") == "1")
        {
            File.WriteAllText(path, expected);
        }

        Assert.True(expected == File.ReadAllText(path), "The table of docs/settings.md is stale: UPDATE_SCHEMA=1 dotnet test tests/Hosting.Tests writes it anew.");
    }

    [Fact]
    public void Generate_EveryRangeOfANumber_IsInTheSchema()
    {
        var carriers = Section()["Carriers"]!["properties"]!;

        Assert.Equal(1, (int)carriers["Max"]!["minimum"]!);
        Assert.Equal(20000, (int)carriers["Max"]!["maximum"]!);
        Assert.Equal(1000, (int)carriers["Max"]!["default"]!);
    }

    [Fact]
    public void Generate_EverySetting_IsDescribed() =>
        Assert.All(Settings(Section()), setting => Assert.False(string.IsNullOrEmpty((string?)setting.Value!["description"]), setting.Key));

    [Fact]
    public void Generate_AnEnum_ListsItsNames() =>
        Assert.Equal(
            ["Immediate", "AfterExit"],
            Section()["Requests"]!["properties"]!["Completion"]!["enum"]!.AsArray().Select(name => (string?)name));

    private static JsonObject Section() =>
        JsonNode.Parse(SettingsSchema.Generate())!["properties"]![GreenletBridgeOptions.SectionName]!["properties"]!.AsObject();

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Settings(JsonObject properties) =>
        properties.SelectMany(property => property.Value!["properties"] is JsonObject nested ? Settings(nested).Append(property) : [property]);
}
