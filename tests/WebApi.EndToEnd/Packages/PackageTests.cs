using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using GreenletBridge.TestSupport;

namespace WebApi.EndToEnd.Packages;

public sealed partial class PackageTests(PackedFolder packed) : IClassFixture<PackedFolder>
{
    [Theory]
    [InlineData("GreenletBridge.Core", new string[0])]
    [InlineData("GreenletBridge.EntityFrameworkCore", new string[0])]
    [InlineData("GreenletBridge.Hosting", new[] { "appsettings.schema.json", "buildTransitive/GreenletBridge.Hosting.targets" })]
    public void Pack_EachPackage_HasReadmeLicenceDocumentationAndSymbols(string id, string[] more)
    {
        using var package = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(packed.Packages, $"{id}.*.nupkg")));
        using var symbols = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(packed.Packages, $"{id}.*.snupkg")));
        var nuspec = XDocument.Load(package.GetEntry($"{id}.nuspec")!.Open());

        string[] expected = ["README.md", "LICENSE", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml", .. more];
        Assert.Empty(expected.Except(package.Entries.Select(entry => entry.FullName)));
        Assert.Contains(symbols.Entries, entry => entry.FullName == $"lib/net10.0/{id}.pdb");
        Assert.Equal("MIT", Metadata(nuspec, "license"));
        Assert.Equal("README.md", Metadata(nuspec, "readme"));
        Assert.NotEmpty(Metadata(nuspec, "description"));
    }

    [Fact]
    public void Pack_EntityFrameworkCore_NeedsCoreAndNothingOfAspNet()
    {
        using var package = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(packed.Packages, "GreenletBridge.EntityFrameworkCore.*.nupkg")));
        var nuspec = XDocument.Load(package.GetEntry("GreenletBridge.EntityFrameworkCore.nuspec")!.Open());

        Assert.Equal(
            ["GreenletBridge.Core", "Microsoft.EntityFrameworkCore.Relational"],
            nuspec.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => (string)element.Attribute("id")!).Order());
        Assert.DoesNotContain(nuspec.Descendants(), element => element.Name.LocalName == "frameworkReference");
    }

    [Fact]
    public async Task FiveMinutes_OfTheReadmeInANewApplication_AnswersFromABlockingHandler()
    {
        var folder = await packed.NewFolderAsync();
        await packed.DotnetAsync(folder, "new", "web", "-o", "app", "--no-restore");
        var app = Path.Combine(folder, "app");
        await packed.DotnetAsync(app, "add", "package", "GreenletBridge.Hosting");
        await File.WriteAllTextAsync(Path.Combine(app, "Program.cs"), FiveMinutes(), TestContext.Current.CancellationToken);
        await packed.DotnetAsync(app, "build", "-c", "Release", "--no-restore", "-o", "out");

        using var process = Process.Start(Tool.Start("dotnet", app, ["out/app.dll", "--urls", "http://127.0.0.1:0"]))!;
        try
        {
            using var client = new HttpClient { BaseAddress = await AddressAsync(process) };

            Assert.Equal("done", await client.GetStringAsync("/legacy", TestContext.Current.CancellationToken));
            Assert.Equal("Healthy", await client.GetStringAsync("/health", TestContext.Current.CancellationToken));

            await Tool.RunAsync(Tool.Start("kill", app, ["-TERM", $"{process.Id}"]));
            await Deadline.For(process.WaitForExitAsync(TestContext.Current.CancellationToken), "the end of the application");
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            process.Kill();
        }

        Assert.Equal(
            await File.ReadAllTextAsync(Repository.PathOf("appsettings.schema.json"), TestContext.Current.CancellationToken),
            await File.ReadAllTextAsync(Path.Combine(app, "obj/appsettings.schema.json"), TestContext.Current.CancellationToken));
    }

    private static string Metadata(XDocument nuspec, string name) => nuspec.Descendants().Single(element => element.Name.LocalName == name).Value;

    // The first block of C# under the heading
    private static string FiveMinutes() =>
        CodeAfterHeading().Match(File.ReadAllText(Repository.PathOf("README.md"))).Groups["code"].Value is { Length: > 0 } code
            ? code
            : throw new InvalidOperationException("README.md has no C# under \"## Five minutes\".");

    [GeneratedRegex(@"^## Five minutes\n.*?^```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeAfterHeading();

    private static async Task<Uri> AddressAsync(Process process)
    {
        const string Listening = "Now listening on: ";
        while (await Deadline.For(process.StandardOutput.ReadLineAsync(), "the server's address") is { } line)
        {
            if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
                return new Uri(line[(at + Listening.Length)..].Trim());
        }

        throw new InvalidOperationException($"The application ended without listening: {await process.StandardError.ReadToEndAsync()}");
    }
}
