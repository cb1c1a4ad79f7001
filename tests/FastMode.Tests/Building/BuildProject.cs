using GreenletBridge.TestSupport;
using Mono.Cecil;
using Xunit;

namespace GreenletBridge.FastMode.Tests.Building;

/// <summary>A user's project in a folder of its own, with others beside it where a test needs them.</summary>
internal sealed class BuildProject : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("build").FullName;

    public BuildProject(string name) => Folder = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    public string Folder { get; }

    // As a package's user has it: the library's package, the task and its targets
    public static string Text(string items) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <GreenletFastMode>true</GreenletFastMode>
            <GreenletFastModeTask>{Repository.PathOf($"artifacts/bin/GreenletBridge.FastMode.Build/{Configuration}/GreenletBridge.FastMode.Build.dll")}</GreenletFastModeTask>
          </PropertyGroup>
          <ItemGroup>
            <Reference Include="{AppContext.BaseDirectory}GreenletBridge.Core.dll" />
            <Reference Include="{AppContext.BaseDirectory}GreenletBridge.FastMode.dll" />
            {items}
          </ItemGroup>
          <Import Project="{Repository.PathOf("src/FastMode.Build/buildTransitive/GreenletBridge.FastMode.Build.targets")}" />
        </Project>
        """;

    public static bool HasMark(string path)
    {
        using var module = ModuleDefinition.ReadModule(path);
        return module.Assembly.CustomAttributes.Any(static a => a.AttributeType.Name == nameof(WovenAssemblyAttribute));
    }

    // Frame and line number as a debugger knows them
    public static void AssertLine(string trace, string method, string code, string file, string source)
    {
        var number = source.Split('\n').Index().First(line => line.Item.Trim().StartsWith(code, StringComparison.Ordinal)).Index + 1;
        Assert.Contains(trace.Split('\n'), line => line.Contains(method, StringComparison.Ordinal) && line.TrimEnd().EndsWith($"{file}:line {number}", StringComparison.Ordinal));
    }

    public bool IsWoven(string path) => HasMark(Path.Combine(Folder, path));

    public Task<string> BuildAsync(params string[] more) => Dotnet.RunAsync(Folder, ["build", "-c", "Release", "-v", "normal", .. more]);

    public Task WriteAsync(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static string Configuration => Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
}
