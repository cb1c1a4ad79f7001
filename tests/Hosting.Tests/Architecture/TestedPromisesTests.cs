using System.Text.RegularExpressions;
using GreenletBridge.TestSupport;

namespace GreenletBridge.Hosting.Tests.Architecture;

/// <summary>The table of promises in docs/testing.md names tests that there are, and all of this side.</summary>
public partial class TestedPromisesTests
{
    [Fact]
    public void Table_OfPromises_NamesTestsThatExistAndLeavesNoneOut()
    {
        var named = File.ReadLines(Repository.PathOf("docs/testing.md"))
            .SkipWhile(line => !line.StartsWith("| promise |", StringComparison.Ordinal)).TakeWhile(line => line.StartsWith('|'))
            .SelectMany(line => Named().Matches(line).Select(match => match.Groups[1].Value))
            .ToHashSet(StringComparer.Ordinal);
        var functional = Classes("tests/Hosting.FunctionalTests").ToHashSet(StringComparer.Ordinal);
        var all = functional.Concat(Classes("tests/Hosting.Tests")).Concat(Classes("tests/WebApi.EndToEnd")).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(named.Except(all));
        Assert.Empty(functional.Except(named));
    }

    private static IEnumerable<string> Classes(string folder) =>
        Directory.EnumerateFiles(Repository.PathOf(folder), "*Tests.cs", SearchOption.AllDirectories).Select(file => Path.GetFileNameWithoutExtension(file)!);

    [GeneratedRegex("`([A-Za-z]+Tests)`")]
    private static partial Regex Named();
}
