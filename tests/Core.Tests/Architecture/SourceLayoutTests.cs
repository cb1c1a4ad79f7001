using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Architecture;

/// <summary>Holds that a reader can guess a type's file from its name.</summary>
public sealed class SourceLayoutTests
{
    private const int MostLines = 300;

    // Files that declare no type by nature.
    private static readonly HashSet<string> _typeless = new(StringComparer.Ordinal) { "AssemblyInfo.cs", "GlobalUsings.cs" };

    private static readonly IReadOnlyList<SourceFile> _sources = Repository.SourcesUnder("src");

    [Fact]
    public void SourceFiles_OfSrc_DeclareTheOneTypeTheyAreNamedAfter()
    {
        var others = _sources
            .Where(source => !_typeless.Contains(source.Name))
            .Where(source => source.TopLevelTypes.Count != 1 || source.TopLevelTypes[0] != source.Name.Split('.', '{', '`')[0])
            .Select(source => $"{source.Path} declares {(source.TopLevelTypes.Count == 0 ? "no type" : string.Join(", ", source.TopLevelTypes))}");

        Assert.Empty(others);
    }

    [Fact]
    public void SourceFiles_OfSrc_AreShortEnoughToRead()
    {
        var tooLong = _sources.Where(source => source.LineCount > MostLines).Select(source => $"{source.Path} has {source.LineCount} lines of {MostLines}");

        Assert.Empty(tooLong);
    }

    [Fact]
    public void SourceFiles_OfSrc_LeaveNothingForLater()
    {
        var marked = _sources
            .SelectMany(source => File.ReadAllLines(Repository.PathOf("src/" + source.Path)).Select((text, index) => (source.Path, Line: index + 1, Text: text)))
            .Where(line => line.Text.Contains("TODO", StringComparison.Ordinal) || line.Text.Contains("FIXME", StringComparison.Ordinal)
                || line.Text.TrimStart().StartsWith("#region", StringComparison.Ordinal))
            .Select(line => $"{line.Path}:{line.Line} {line.Text.Trim()}");

        Assert.Empty(marked);
    }

    [Theory]
    [InlineData("namespace A;\npublic sealed partial class B<T> : C where T : class { private enum D { E } }", "B")]
    [InlineData("namespace A { internal readonly record struct B(int C); }", "B")]
    [InlineData("namespace A;\ninternal delegate Task<int> B<in T>(T value);", "B")]
    [InlineData("namespace A;\nclass B { string c = \"class D {\"; char d = '\"'; }\ninterface E;", "B E")]
    [InlineData("namespace A;\nclass B { string c = $$\"\"\"{ {{d}} \" } \"\"\"; string e = @\"\\\"; string f = $\"{{{g:x}\"; }\nenum H { }", "B H")]
    public void TopLevelTypes_OfAFile_AreThoseOutsideOthers(string text, string expected)
    {
        Assert.Equal(expected, string.Join(' ', new SourceFile("F.cs", text).TopLevelTypes));
    }
}
