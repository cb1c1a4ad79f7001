using GreenletBridge.FastMode.Build;
using Xunit;

namespace GreenletBridge.FastMode.Tests.Weaving;

/// <summary>What the weaver does with what it is given.</summary>
public sealed class WeaverTests
{
    private const string Waiting = "using System; using System.Threading; public class C { public void M() { Thread.Sleep(1); } ";

    [Fact]
    public void Weave_OfAnAssemblyThatIsWoven_RefusesAndWritesNothing()
    {
        var code = CaseAssembly.Make(Waiting + "}", optimize: true);
        var output = code.Path + ".again.dll";

        var error = Assert.Throws<WeaveException>(() => Weave(code.Path, output));

        Assert.Contains("woven before", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(output));
    }

    [Fact]
    public void Weave_OfSomethingElse_RefusesAndNamesIt()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("bad").FullName, "text.dll");
        File.WriteAllText(path, "no assembly");

        Assert.Contains("text.dll", Assert.Throws<WeaveException>(() => Weave(path, path)).Message, StringComparison.Ordinal);
        Assert.Equal("no assembly", File.ReadAllText(path));
    }

    [Theory]
    [InlineData("[GreenletBridge.NoWeave] public void N() { Thread.Sleep(1); } }", 1001)]
    [InlineData("public C() { Thread.Sleep(1); } }", 1002)]
    [InlineData("public void N() { try { Console.Write(1); } catch when (Slow()) { } } static bool Slow() { Thread.Sleep(1); return true; } }", 1012)]
    [InlineData("public void N(ref Span<int> x) { Thread.Sleep(1); } }", 1006)]
    [InlineData("static int _s; void Take(ref int x) { Thread.Sleep(1); x++; } public void N() { Take(ref _s); } }", 1018)]
    [InlineData("[System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.Synchronized)] public void N() { Thread.Sleep(1); } }", 1008)]
    [InlineData("public int N(int[] a) { Span<int> s = a; Thread.Sleep(1); return s[0]; } }", 1013)]
    [InlineData("[ThreadStatic] static int _t; public void N() { _t = 1; Thread.Sleep(1); } }", 1024)]
    [InlineData("} public ref struct S { public void N() { Thread.Sleep(1); } }", 1005)]
    public void Report_OfAPin_HasItsCode(string member, int code)
    {
        var pins = CaseAssembly.Make(Waiting + member, optimize: true).Result.Report.Pins;

        Assert.Contains(code, pins.Select(static p => (int)p.Code));
        Assert.All(pins, static p => Assert.True(p.Line > 0, p.ToString()));
    }

    [Fact]
    public void Report_OfARequiredMethod_NamesTheWayToThePin()
    {
        var report = CaseAssembly.Make(
            Waiting + "[GreenletBridge.GreenletRequired] public void R() { A(); } void A() { B(); } void B() { lock (this) { } _ = new S(); } class S { public S() { Thread.Sleep(1); } } public void Free() { M(); } }", optimize: true).Result.Report;

        Assert.Equal(["C.R", "C.A", "C.B", "C/S..ctor"], Assert.Single(report.Required).Chain);
    }

    [Fact]
    public async Task Pairs_OfTheUser_WaitByTheAsyncForm()
    {
        const string Source = """
            using System.Threading; using System.Threading.Tasks;
            public static class Client { public static string Get(int n) => "sync"; public static async Task<string> GetAsync(int n, CancellationToken t) { await Task.Delay(1); return "async" + n; } }
            public static class PairCases { public static string Go() => Client.Get(3) + Client.Get(4); }
            """;
        var code = CaseAssembly.Make(Source, optimize: true, new Dictionary<string, string> { ["Client.Get"] = "Client.GetAsync" });
        await using var hub = new Hub();
        hub.Start();

        Assert.Equal("async3async4", await hub.Spawn(CaseAssembly.CaseOf(code.Woven, "PairCases.Go")));
    }

    [Fact]
    public void Pairs_WithoutAFittingForm_AreAnError()
    {
        const string Source = "public static class Client { public static string Get(int n) => \"\"; } public static class PairCases { public static string Go() => Client.Get(3); }";

        var error = Assert.Throws<WeaveException>(() => CaseAssembly.Make(Source, optimize: true, new Dictionary<string, string> { ["Client.Get"] = "Client.GetAsync" }));

        Assert.Contains("Client.GetAsync", error.Message, StringComparison.Ordinal);
    }

    private static WeaveResult Weave(string input, string output) =>
        new Weaver(new WeaverOptions { Input = input, Output = output, References = CaseAssembly.PlatformFiles }).Weave();
}
