using System.Xml.Linq;
using GreenletBridge.TestSupport;

namespace WebApi.EndToEnd.Packages;

/// <summary>The packages of this build, in a folder of their own.</summary>
public sealed class PackedFolder : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("packages").FullName;

    /// <summary>Where they are.</summary>
    public string Packages => Path.Combine(_folder, "packages");

    // The folder of this build: artifacts/bin/WebApi.EndToEnd/release
    private static string Configuration => Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    public async ValueTask InitializeAsync()
    {
        string[] projects = [Repository.PathOf("src/Hosting/GreenletBridge.Hosting.csproj"), Repository.PathOf("src/EntityFrameworkCore/GreenletBridge.EntityFrameworkCore.csproj")];
        foreach (var project in projects.SelectMany(WithReferences).Distinct())
        {
            await DotnetAsync(_folder, "pack", project, "-c", Configuration, "--no-build", "--no-restore", "-o", Packages);
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>A new folder in which these are the only packages.</summary>
    public async Task<string> NewFolderAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("N"))).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(folder, "NuGet.config"),
            $"""<configuration><packageSources><clear /><add key="here" value="{Packages}" /></packageSources></configuration>""");
        return folder;
    }

    // Packages of this version may lie in the user's own folder of packages: a fresh one. No node of the build outlives the test.
    public Task<string> DotnetAsync(string folder, params string[] arguments) => Tool.RunAsync(Tool.Start(
        "dotnet",
        folder,
        arguments,
        ("NUGET_PACKAGES", Path.Combine(_folder, "restored")),
        ("MSBUILDDISABLENODEREUSE", "1"),
        ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"),
        ("DOTNET_NOLOGO", "1")));

    // A package depends on the packages of what its project refers to
    private static IEnumerable<string> WithReferences(string project) => XDocument.Load(project).Descendants("ProjectReference")
        .SelectMany(reference => WithReferences(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(project)!, reference.Attribute("Include")!.Value))))
        .Append(project);
}
