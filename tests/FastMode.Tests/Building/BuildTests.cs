using System.Reflection;
using GreenletBridge.TestSupport;
using Mono.Cecil;
using Xunit;

namespace GreenletBridge.FastMode.Tests.Building;

/// <summary>A user's project, built and published by the SDK with fast mode on.</summary>
public sealed class BuildTests : IDisposable
{
    private const string Told = "can wait without a thread";

    private const string Program = """
        using System;
        using System.Threading;
        using GreenletBridge;

        using var hub = new Hub();
        hub.Start();
        Console.WriteLine(hub.Spawn(Work).Get());

        static string Work()
        {
            Thread.Sleep(1);
            try
            {
                Fail();
                return "";
            }
            catch (InvalidOperationException e)
            {
                return e.ToString();
            }
        }

        static void Fail()
        {
            Thread.Sleep(1);
            throw new InvalidOperationException("first");
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("build").FullName;

    private string Woven => Path.Combine(_folder, "obj/Release/net10.0/greenlet/app.dll");

    // One test, as each step goes on from the one before: a restore and five runs of the SDK
    [Fact]
    public async Task Build_OfAProject_WeavesOnceAndPublishesWhatWasWoven()
    {
        await WriteAsync("app.csproj", Project());
        await WriteAsync("Program.cs", Program);

        Assert.Contains(Told, await Build(), StringComparison.Ordinal);
        var plain = Directory.GetFiles(PackageFolder(), "Dapper.dll", SearchOption.AllDirectories).Select(static f => (f, File.GetLastWriteTimeUtc(f))).ToList();
        var written = File.GetLastWriteTimeUtc(Woven);
        Assert.True(IsWoven("bin/Release/net10.0/app.dll"));
        Assert.True(IsWoven("bin/Release/net10.0/Dapper.dll"));

        Assert.DoesNotContain(Told, await Build("--no-restore"), StringComparison.Ordinal);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Woven));

        await WriteAsync("Program.cs", Program.Replace("first", "second", StringComparison.Ordinal));
        Assert.Contains(Told, await Build("--no-restore"), StringComparison.Ordinal);

        // What is published from what was built, and what publishing builds itself
        await Dotnet.RunAsync(_folder, "publish", "-c", "Release", "--no-build", "-o", "built");
        await WriteAsync("Program.cs", Program.Replace("first", "third", StringComparison.Ordinal));
        await Dotnet.RunAsync(_folder, "publish", "-c", "Release", "--no-restore", "-o", "published");
        foreach (var (folder, message) in new[] { ("built", "second"), ("published", "third") })
        {
            Assert.True(IsWoven($"{folder}/app.dll"), folder);
            Assert.True(IsWoven($"{folder}/Dapper.dll"), folder);
            var trace = await Dotnet.RunAsync(_folder, $"{folder}/app.dll");
            Assert.Contains(message, trace, StringComparison.Ordinal);
            AssertLine(trace, "Fail", "throw new");
            AssertLine(trace, "Work", "Fail();");
        }

        Assert.NotEmpty(plain);
        Assert.All(plain, static file => Assert.Equal(file.Item2, File.GetLastWriteTimeUtc(file.f)));
        Assert.All(plain, static file => Assert.False(HasMark(file.f)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Configuration => Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    private static string PackageFolder() => Path.Combine(
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget/packages"), "dapper");

    private static bool HasMark(string path)
    {
        using var module = ModuleDefinition.ReadModule(path);
        return module.Assembly.CustomAttributes.Any(static a => a.AttributeType.Name == nameof(WovenAssemblyAttribute));
    }

    // Frame and line number as a debugger knows them
    private static void AssertLine(string trace, string method, string code)
    {
        var number = Program.Split('\n').Index().First(line => line.Item.Trim().StartsWith(code, StringComparison.Ordinal)).Index + 1;
        Assert.Contains(trace.Split('\n'), line => line.Contains(method, StringComparison.Ordinal) && line.TrimEnd().EndsWith($"Program.cs:line {number}", StringComparison.Ordinal));
    }

    // As a package's user has it: the library's package, the task and its targets. The version is the one that the tests have restored.
    private static string Project() => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <GreenletFastMode>true</GreenletFastMode>
            <GreenletFastModeTask>{Repository.PathOf($"artifacts/bin/GreenletBridge.FastMode.Build/{Configuration}/GreenletBridge.FastMode.Build.dll")}</GreenletFastModeTask>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Dapper" Version="{typeof(Dapper.SqlMapper).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]}" />
            <Reference Include="{AppContext.BaseDirectory}GreenletBridge.Core.dll" />
            <Reference Include="{AppContext.BaseDirectory}GreenletBridge.FastMode.dll" />
            <GreenletWeave Include="Dapper" />
          </ItemGroup>
          <Import Project="{Repository.PathOf("src/FastMode.Build/buildTransitive/GreenletBridge.FastMode.Build.targets")}" />
        </Project>
        """;

    private bool IsWoven(string path) => HasMark(Path.Combine(_folder, path));

    private Task<string> Build(params string[] more) => Dotnet.RunAsync(_folder, ["build", "-c", "Release", "-v", "normal", .. more]);

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(_folder, name), text, TestContext.Current.CancellationToken);
}
