using System.Text.RegularExpressions;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Architecture;

/// <summary>Holds which folder of src/Core leans on which, by reading the sources.</summary>
public sealed partial class FolderDependencyTests
{
    private static readonly IReadOnlyList<SourceFile> _core = Repository.SourcesUnder("src/Core");

    [Fact]
    public void CoreFolders_OfEveryFile_HaveARank()
    {
        Assert.NotEmpty(_core);
        Assert.Empty(_core.Where(source => source.Tokens.Count > 0 && !Rooms.Ranks.ContainsKey(source.Folder)).Select(source => source.Path));
    }

    [Fact]
    public void CoreFiles_UsingTypesOfOtherFolders_NeverLeanBack()
    {
        var leaning = Rooms.FindLeaningBack(_core);

        Assert.True(leaning.Count == 0, string.Join('\n', leaning));
    }

    [Fact]
    public void CoreFiles_OfEveryFolder_UseNoHostingFramework()
    {
        var found = _core
            .SelectMany(source => source.Code.Split('\n').Select((line, index) => (source.Path, Line: index + 1, Text: line)))
            .Where(line => HostingFramework().IsMatch(line.Text))
            .Select(line => $"{line.Path}:{line.Line} {line.Text.Trim()}");
        Assert.Empty(found);

        var references = typeof(Hub).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);
        Assert.DoesNotContain(references, name => HostingFramework().IsMatch(name));
    }

    [Fact]
    public void CoreProject_Dependencies_AreTheFrameworkAlone()
    {
        var project = File.ReadAllText(Repository.PathOf("src/Core/GreenletBridge.Core.csproj"));

        Assert.DoesNotContain("<FrameworkReference", project, StringComparison.Ordinal);
        Assert.DoesNotContain("<PackageReference", project, StringComparison.Ordinal);
        Assert.DoesNotContain("<ProjectReference", project, StringComparison.Ordinal);
    }

    [Fact]
    public void CoreInternals_ForHosting_AreClosed()
    {
        var project = File.ReadAllText(Repository.PathOf("src/Core/GreenletBridge.Core.csproj"));
        var friends = FriendAssembly().Matches(project).Select(match => match.Groups[1].Value);
        // The tests, which look inside, and the third kind of body, which is part of the engine in a project of its own.
        Assert.All(friends, friend => Assert.Matches(@"\.(Tests|Stress|FastMode)$", friend));

        // The two ways round that need no friend.
        var ways = Repository.SourcesUnder("src/Hosting")
            .Where(source => source.Tokens.Any(token => token.Text is "UnsafeAccessor" or "UnsafeAccessorType" or "IgnoresAccessChecksTo"))
            .Select(source => source.Path);
        Assert.Empty(ways);
    }

    [Fact]
    public void FindLeaningBack_WithUsesThatLean_NamesFileLineTypeAndFolder()
    {
        SourceFile[] sources =
        [
            new("Hubs/Hub.cs", "namespace GreenletBridge;\npublic sealed class Hub { }\n"),
            new("Scheduling/Timers.cs", """
                namespace GreenletBridge;
                // Hub in a comment
                internal sealed class Timers
                {
                    private readonly Hub? _hub;
                    private readonly string _text = $"Hub {new Hub()} Hub";
                    public object Hub { get; } = new GreenletBridge.Hub();
                    public void Run(Timers timers) => timers.Hub.ToString();
                }
                """),
            new("Bridging/Bridge.cs", "namespace GreenletBridge;\ninternal sealed class Bridge { private readonly Hub _hub; }\n"),
        ];

        Assert.Equal(
            [
                "Scheduling/Timers.cs:5 uses Hub of folder Hubs",
                "Scheduling/Timers.cs:6 uses Hub of folder Hubs",
                "Scheduling/Timers.cs:7 uses Hub of folder Hubs",
            ],
            Rooms.FindLeaningBack(sources));
    }

    [GeneratedRegex(@"\bMicrosoft\.(Extensions|AspNetCore)\b", RegexOptions.CultureInvariant)]
    private static partial Regex HostingFramework();

    [GeneratedRegex("<InternalsVisibleTo Include=\"([^\"]+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex FriendAssembly();
}
