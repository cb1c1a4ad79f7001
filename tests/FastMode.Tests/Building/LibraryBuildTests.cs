using Xunit;

namespace GreenletBridge.FastMode.Tests.Building;

/// <summary>A user's project whose libraries are woven: another project, and a package with a file for each platform.</summary>
public sealed class LibraryBuildTests : IDisposable
{
    private const string Output = "bin/Release/net10.0";
    private const string OfLibrary = "Lib.dll";
    private const string OfPackage = "System.Management.dll";
    private const string OfWindows = "runtimes/win/lib/net6.0/System.Management.dll";

    private const string Library = """
        using System;
        using System.Threading;

        namespace Lib;

        public static class Tool
        {
            public static void Fail()
            {
                Thread.Sleep(1);
                throw new InvalidOperationException("failed");
            }
        }
        """;

    private const string Program = """
        using System;
        using GreenletBridge;

        using var hub = new Hub();
        hub.Start();
        Console.WriteLine(hub.Spawn(Work).Get());

        static string Work()
        {
            try
            {
                Lib.Tool.Fail();
                return "";
            }
            catch (InvalidOperationException e)
            {
                return e.ToString();
            }
        }
        """;

    private readonly BuildProject _app = new("app");

    // One test, as each step goes on from the one before: a restore and nine runs of the SDK
    [Fact]
    public async Task Build_WithLibraries_TakesWhatIsWovenAndOnlyThat()
    {
        await WriteAsync();
        await _app.BuildAsync();
        await AssertAsync(Output, isWoven: true, "Fail$woven");
        await PublishAsync("published");
        await AssertAsync("published", isWoven: true, "Fail$woven");

        // The project's next version is not to be woven
        await _app.WriteAsync("../Lib/NoWeave.cs", "[assembly: GreenletBridge.NoWeave]");
        Assert.Contains("GRN0002", await _app.BuildAsync("--no-restore"), StringComparison.Ordinal);
        await AssertAsync(Output, isWoven: false, "Fail");
        await PublishAsync("refused");
        await AssertAsync("refused", isWoven: false, "Fail");

        // Nobody asks for it any more
        File.Delete(Path.Combine(_app.Folder, "../Lib/NoWeave.cs"));
        await _app.BuildAsync("--no-restore");
        Assert.True(_app.IsWoven($"{Output}/{OfLibrary}"));
        await _app.BuildAsync("--no-restore", "-p:WeaveLibrary=false");
        await AssertAsync(Output, isWoven: false, "Fail");

        // Another version, whose file is older than everything, and nothing is compiled anew
        await _app.BuildAsync("--no-restore", "-p:GreenletFastMode=false");
        Assert.True(_app.IsWoven($"{Output}/{OfLibrary}"));
        var library = Path.Combine(_app.Folder, "../Lib", Output, OfLibrary);
        File.Copy(Path.Combine(_app.Folder, "refused", OfLibrary), library, overwrite: true);
        File.SetLastWriteTimeUtc(library, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Contains("GRN0002", await _app.BuildAsync("--no-restore", "--no-dependencies", "-p:GreenletFastMode=false"), StringComparison.Ordinal);
        Assert.False(_app.IsWoven($"{Output}/{OfLibrary}"));
    }

    public void Dispose() => _app.Dispose();

    private async Task AssertAsync(string folder, bool isWoven, string frame)
    {
        Assert.Equal(isWoven, _app.IsWoven($"{folder}/{OfLibrary}"));
        // The files of a package for each platform stay each what it is
        Assert.True(_app.IsWoven($"{folder}/{OfPackage}"));
        Assert.True(_app.IsWoven($"{folder}/{OfWindows}"));
        Assert.True(SizeOf($"{folder}/{OfWindows}") > 2 * SizeOf($"{folder}/{OfPackage}"));
        var trace = await Dotnet.RunAsync(_app.Folder, $"{folder}/app.dll");
        BuildProject.AssertLine(trace, $"Tool.{frame}(", "throw new", "Tool.cs", Library);
        BuildProject.AssertLine(trace, "Work", "Lib.Tool.Fail();", "Program.cs", Program);
    }

    private long SizeOf(string path) => new FileInfo(Path.Combine(_app.Folder, path)).Length;

    private Task<string> PublishAsync(string folder) => Dotnet.RunAsync(_app.Folder, "publish", "-c", "Release", "--no-build", "-o", folder);

    private async Task WriteAsync()
    {
        await _app.WriteAsync("../Lib/Tool.cs", Library);
        await _app.WriteAsync("../Lib/Lib.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="{AppContext.BaseDirectory}GreenletBridge.FastMode.dll" Private="false" />
              </ItemGroup>
            </Project>
            """);
        await _app.WriteAsync("Program.cs", Program);
        await _app.WriteAsync("app.csproj", BuildProject.Text("""
            <ProjectReference Include="../Lib/Lib.csproj" />
            <GreenletWeave Include="Lib" Condition="'$(WeaveLibrary)' != 'false'" />
            <PackageReference Include="System.Management" Version="6.0.1" />
            <GreenletWeave Include="System.Management" />
            """));
    }
}
