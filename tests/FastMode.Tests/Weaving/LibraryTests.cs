using System.Runtime.Loader;
using GreenletBridge.FastMode.Build;
using Xunit;

namespace GreenletBridge.FastMode.Tests.Weaving;

/// <summary>Real libraries: what is woven of them is valid code.</summary>
public sealed class LibraryTests
{
    [Theory]
    [InlineData("Dapper", 50)]
    [InlineData("Npgsql", 300)]
    [InlineData("Serilog", 100)]
    [InlineData("xunit.v3.assert", 100)]
    [InlineData("Newtonsoft.Json", 100)]
    [InlineData("Polly.Core", 20)]
    [InlineData("Markdig", 50)]
    public void Weave_OfALibrary_GivesTwinsThatCompile(string name, int least)
    {
        var folder = Directory.CreateTempSubdirectory("library").FullName;
        var output = Path.Combine(folder, name + ".dll");
        var result = new Weaver(new WeaverOptions { Input = Path.Combine(AppContext.BaseDirectory, name + ".dll"), Output = output, References = CaseAssembly.PlatformFiles }).Weave();

        TestContext.Current.SendDiagnosticMessage($"{name}: {result.Woven} of {result.Methods} methods\n{string.Join('\n', result.Report.Pins.Select(static p => $"{p.Id} {p.Method} -> {p.Callee}"))}");
        Assert.InRange(result.Woven, least, result.Methods);
        Assert.NotEmpty(EveryTwin.Compile(new AssemblyLoadContext(name).LoadFromAssemblyPath(output), twinsOnly: true));
        Directory.Delete(folder, recursive: true);
    }
}
