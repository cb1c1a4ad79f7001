using System.Reflection;
using System.Runtime.Loader;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.FastMode.Tests.Stress;

/// <summary>Real libraries in copies in which ordinary calls wait: what they do is what they do plainly.</summary>
/// <remarks>One after the other: what counts the waits is the process's.</remarks>
[Collection(nameof(StressTests))]
public sealed class StressTests
{
    [Theory]
    [InlineData("Newtonsoft.Json", 10_000)]
    [InlineData("Markdig", 100)]
    [InlineData("Polly.Core", 20)]
    [InlineData("Serilog", 50)]
    public async Task Use_OfAStressedCopy_GivesTheSame(string library, int leastWaits)
    {
        var source = CaseAssembly.SourceOf($"{library}.cs");
        var name = $"Stress{library.Replace(".", "", StringComparison.Ordinal)}";
        var folder = Directory.CreateTempSubdirectory("stress").FullName;
        var plain = Path.Combine(folder, name + ".dll");
        CaseAssembly.Compile(source, name, plain, optimize: true);
        var expected = Use(new AssemblyLoadContext(name).LoadFromAssemblyPath(plain))();
        var (woven, _) = WovenSet.MakeStressed(source, name, library);
        var code = Use(woven);
        await using var hub = new Hub(new HubOptions { Name = library });
        hub.Start();
        StressPoint.TakeWaited();
        foreach (var every in new[] { 1, 2, 7 })
        {
            StressPoint.Every = every;

            Assert.Equal(expected, await Deadline.For(hub.Bridge.AsTask(hub.Spawn(code)), "its value", () => hub.Snapshot().ToString()));
        }

        var waited = StressPoint.TakeWaited();
        TestContext.Current.SendDiagnosticMessage($"{library}: {waited} waits");
        Assert.True(waited >= leastWaits, $"{waited} waits");
        Directory.Delete(folder, recursive: true);
    }

    private static Func<string> Use(Assembly assembly) => assembly.GetType("Use", throwOnError: true)!.GetMethod("Go")!.CreateDelegate<Func<string>>();
}
