using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace GreenletBridge.Core.Toolbox.Surface;

/// <summary>The page of promises, the examples, and the table for people who come from gevent.</summary>
public sealed partial class DocumentationTests
{
    // What users of the toolbox begin with, and lies in other rooms.
    private static readonly Type[] _elsewhere = [typeof(Greenlet), typeof(Greenlet<>), typeof(GreenletTimeout), typeof(GreenletLocal<>)];

    [Fact]
    public void EveryPromise_NamesTestsThatExist()
    {
        var tests = Directory.GetFiles(Repository.PathOf("tests"), "*Tests.cs", SearchOption.AllDirectories)
            .GroupBy(static path => Path.GetFileNameWithoutExtension(path)!)
            .ToDictionary(static files => files.Key, static files => string.Concat(files.Select(File.ReadAllText)));
        var promises = File.ReadAllLines(Repository.PathOf("docs/toolbox.md")).Where(static line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| promise", StringComparison.Ordinal)).ToList();
        Assert.True(promises.Count > 60, $"{promises.Count} promises were read.");

        foreach (var promise in promises)
        {
            var named = TestName().Matches(promise.Split(" | ")[^1]);
            Assert.True(named.Count > 0, $"No test is named: {promise}");
            foreach (Match test in named)
            {
                var (type, method) = (test.Groups["type"].Value, test.Groups["method"].Value);
                Assert.True(tests.TryGetValue(type, out var code) && code.Contains($" {method}(", StringComparison.Ordinal), $"There is no test {type}.{method}: {promise}");
            }
        }
    }

    [Fact]
    public void EveryType_HasAnExample()
    {
        var docs = XDocument.Load(Path.ChangeExtension(typeof(Greenlet).Assembly.Location, ".xml")).Descendants("member").ToDictionary(static member => (string)member.Attribute("name")!);
        Type[] types = [.. TypesOf("Synchronization"), .. TypesOf("Pools"), .. _elsewhere];
        Assert.True(types.Length > 18, $"{types.Length} types were found.");

        foreach (var type in types)
            Assert.True(docs[$"T:{type.FullName}"].Element("example")?.Element("code") is not null, $"{type} has no <example><code>.");
    }

    [Fact]
    public void FromGevent_NamesWhatExists()
    {
        var members = typeof(Greenlet).Assembly.GetExportedTypes().SelectMany(static type => type.GetMembers(AllMembers).Select(static member => member.Name).Append(WithoutArity(type.Name)))
            .Concat(["Timeout", "TimeSpan", "CancellationToken", "TimeoutException"]).ToHashSet();

        foreach (var line in File.ReadAllLines(Repository.PathOf("docs/from-gevent.md")).Where(static line => line.StartsWith("| `", StringComparison.Ordinal)))
        {
            // The second column, ours: the names that are called, made or read there.
            foreach (Match code in Code().Matches(line.Split(" | ")[1]))
            {
                foreach (Match name in Name().Matches(code.Groups[1].Value))
                    Assert.True(members.Contains(name.Value) || name.Value is "Zero" or "InfiniteTimeSpan", $"{name.Value} does not exist: {line}");
            }
        }
    }

    internal static IEnumerable<Type> TypesOf(string room)
    {
        var names = Directory.GetFiles(Repository.PathOf($"src/Core/{room}"), "*.cs").Select(static path => Path.GetFileName(path).Split('.')[0]).ToHashSet();
        return typeof(Greenlet).Assembly.GetExportedTypes().Where(type => !type.IsNested && names.Contains(WithoutArity(type.Name)));
    }

    private const BindingFlags AllMembers = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;

    private static string WithoutArity(string name) => name.Split('`')[0];

    [GeneratedRegex("`(?<type>[A-Za-z]+Tests)\\.(?<method>[A-Za-z0-9_]+)`")]
    private static partial Regex TestName();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\b[A-Z][A-Za-z]{2,}\b")]
    private static partial Regex Name();
}
