using System.Reflection;
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

    private const string Broken = """
        static class Broken
        {
            [GreenletRequired]
            public static void Wait() => new Waiting().ToString();

            struct Waiting
            {
                public Waiting() => Thread.Sleep(1);
            }
        }
        """;

    private readonly BuildProject _app = new("app");

    private string Woven => Path.Combine(_app.Folder, "obj/Release/net10.0/greenlet/app.dll");

    // One test, as each step goes on from the one before: a restore and five runs of the SDK
    [Fact]
    public async Task Build_OfAProject_WeavesOnceAndPublishesWhatWasWoven()
    {
        await _app.WriteAsync("app.csproj", Project());
        await _app.WriteAsync("Program.cs", Program);

        Assert.Contains(Told, await _app.BuildAsync(), StringComparison.Ordinal);
        var plain = Directory.GetFiles(PackageFolder(), "Dapper.dll", SearchOption.AllDirectories).Select(static f => (f, File.GetLastWriteTimeUtc(f))).ToList();
        var written = File.GetLastWriteTimeUtc(Woven);
        Assert.True(_app.IsWoven("bin/Release/net10.0/app.dll"));
        Assert.True(_app.IsWoven("bin/Release/net10.0/Dapper.dll"));

        Assert.DoesNotContain(Told, await _app.BuildAsync("--no-restore"), StringComparison.Ordinal);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Woven));

        await _app.WriteAsync("Program.cs", Program.Replace("first", "second", StringComparison.Ordinal));
        Assert.Contains(Told, await _app.BuildAsync("--no-restore"), StringComparison.Ordinal);

        // What is published from what was built, and what publishing builds itself
        await Dotnet.RunAsync(_app.Folder, "publish", "-c", "Release", "--no-build", "-o", "built");
        await _app.WriteAsync("Program.cs", Program.Replace("first", "third", StringComparison.Ordinal));
        await Dotnet.RunAsync(_app.Folder, "publish", "-c", "Release", "--no-restore", "-o", "published");
        foreach (var (folder, message) in new[] { ("built", "second"), ("published", "third") })
        {
            Assert.True(_app.IsWoven($"{folder}/app.dll"), folder);
            Assert.True(_app.IsWoven($"{folder}/Dapper.dll"), folder);
            var trace = await Dotnet.RunAsync(_app.Folder, $"{folder}/app.dll");
            Assert.Contains(message, trace, StringComparison.Ordinal);
            BuildProject.AssertLine(trace, "Fail", "throw new", "Program.cs", Program);
            BuildProject.AssertLine(trace, "Work", "Fail();", "Program.cs", Program);
        }

        Assert.NotEmpty(plain);
        Assert.All(plain, static file => Assert.Equal(file.Item2, File.GetLastWriteTimeUtc(file.f)));
        Assert.All(plain, static file => Assert.False(BuildProject.HasMark(file.f)));
    }

    [Fact]
    public async Task Build_OfABrokenRequirement_FailsAsOftenAsItIsTried()
    {
        await _app.WriteAsync("app.csproj", Project());
        await _app.WriteAsync("Program.cs", Program + Broken);

        foreach (var more in new[] { "--force", "--no-restore" })
            Assert.Contains("[GreenletRequired]", await Dotnet.FailAsync(_app.Folder, "build", "-c", "Release", more), StringComparison.Ordinal);
        Assert.False(File.Exists(Woven));

        // Off and on again, with what was woven still there or not
        await _app.BuildAsync("--no-restore", "-p:GreenletFastMode=false");
        Assert.False(_app.IsWoven("bin/Release/net10.0/app.dll"));
        await _app.WriteAsync("Program.cs", Program);
        await _app.BuildAsync("--no-restore");
        Assert.True(_app.IsWoven("bin/Release/net10.0/app.dll"));
        await _app.BuildAsync("--no-restore", "-p:GreenletFastMode=false");
        Assert.False(_app.IsWoven("bin/Release/net10.0/app.dll"));
        await _app.BuildAsync("--no-restore");
        Assert.True(_app.IsWoven("bin/Release/net10.0/app.dll"));
    }

    public void Dispose() => _app.Dispose();

    private static string PackageFolder() => Path.Combine(
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget/packages"), "dapper");

    // The version is the one that the tests have restored
    private static string Project() => BuildProject.Text($"""
        <PackageReference Include="Dapper" Version="{typeof(Dapper.SqlMapper).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]}" />
        <GreenletWeave Include="Dapper" />
        """);
}
