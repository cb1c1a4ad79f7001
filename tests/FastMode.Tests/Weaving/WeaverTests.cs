using System.Reflection.PortableExecutable;
using GreenletBridge.FastMode.Build;
using GreenletBridge.TestSupport;
using Mono.Cecil;
using Mono.Cecil.Cil;
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

    /// <summary>As F# writes it at the end of a function.</summary>
    [Fact]
    public async Task Weave_ATailCallOfWhatIsReplaced_RunsAsWritten()
    {
        const string Source = "using System.Collections.Generic; using System.Threading; public static class TailCases { static IEnumerable<int> Items() { yield return 3; } "
            + "static IEnumerator<int> Of(IEnumerable<int> s) { Thread.Sleep(0); return s.GetEnumerator(); } public static string Run() { using var e = Of(Items()); return e.MoveNext() + \"\" + e.Current; } }";
        var code = CaseAssembly.Make(Source, optimize: true, change: static path =>
        {
            using var module = ModuleDefinition.ReadModule(path, new ReaderParameters { InMemory = true });
            var method = module.GetType("TailCases").Methods.Single(static m => m.Name == "Of");
            var call = method.Body.Instructions.Single(static i => i.OpCode.Code == Code.Callvirt);
            method.Body.GetILProcessor().InsertBefore(call, Instruction.Create(OpCodes.Tail));
            module.Write(path);
            // Of the file as it was
            File.Delete(Path.ChangeExtension(path, ".pdb"));
        });
        using var hub = new Hub(new HubOptions { Name = "tail" });
        hub.Start();

        Assert.Equal("True3", await Deadline.For(hub.Bridge.AsTask(hub.Spawn(CaseAssembly.CaseOf(code.Woven, "TailCases.Run"))), "the call", () => hub.Snapshot().ToString()));
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
    [InlineData("[GreenletBridge.NoWeave, GreenletBridge.GreenletRequired] public void N() { } }", "C.N", "it is marked")]
    [InlineData("[GreenletBridge.NoWeave] class D { class E { [GreenletBridge.GreenletRequired] void N() { } } } }", "C/D/E.N", "its type is marked")]
    public void Weave_WithMarksThatContradictEachOther_RefusesAndNamesTheMethod(string member, string method, string place)
    {
        var error = Assert.Throws<WeaveException>(() => CaseAssembly.Make(Waiting + member, optimize: true));

        Assert.Contains(method, error.Message, StringComparison.Ordinal);
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weave_OfMixedModeCode_RefusesAndSaysSo()
    {
        const int Flags = 16;
        var path = CaseAssembly.Make(Waiting + "}", optimize: true).Plain.Location;
        var bytes = File.ReadAllBytes(path);
        using (var file = new PEReader(new MemoryStream(bytes)))
            bytes[file.PEHeaders.CorHeaderStartOffset + Flags] &= unchecked((byte)~(int)CorFlags.ILOnly);
        File.WriteAllBytes(path + ".mixed.dll", bytes);

        AssertLeftAlone(path + ".mixed.dll", "mixed mode");
    }

    [Fact]
    public void Weave_OfAFormatNewerThanTheReader_RefusesAndSaysSo()
    {
        var path = CaseAssembly.Make(Waiting + "}", optimize: true).Plain.Location;
        var bytes = File.ReadAllBytes(path);
        // Tables that nobody knows today: bits of the mask in the header of the stream of tables
        var header = bytes.AsSpan().IndexOf("BSJB"u8);
        var stream = bytes.AsSpan(header).IndexOf("#~"u8) + header;
        var tables = header + BitConverter.ToInt32(bytes, stream - 8);
        bytes[tables + 15] |= 0xF0;
        File.WriteAllBytes(path + ".newer.dll", bytes);

        AssertLeftAlone(path + ".newer.dll", "newer.dll");
    }

    // As an obfuscator leaves things that runtimes do not look at, and as a disk does
    [Fact]
    public void Weave_OfDamagedAssemblies_RefusesOrWritesAWholeOne()
    {
        const int Seed = 7;
        var path = CaseAssembly.Make(CaseAssembly.SourceOf("Running.cs"), optimize: true).Plain.Location;
        var whole = File.ReadAllBytes(path);
        var header = whole.AsSpan().IndexOf("BSJB"u8);
        var random = new Random(Seed);
        var refused = 0;
        for (var i = 0; i < 40; i++)
        {
            var bytes = whole.ToArray();
            for (var n = random.Next(1, 6); n > 0; n--)
                bytes[random.Next(header, bytes.Length)] = (byte)random.Next(256);
            var damaged = Path.Combine(Path.GetDirectoryName(path)!, $"damaged{i}.dll");
            File.WriteAllBytes(damaged, bytes);
            try
            {
                Weave(damaged, damaged + ".out");
                using var output = ModuleDefinition.ReadModule(damaged + ".out");
            }
            catch (WeaveException e)
            {
                refused++;
                Assert.Contains($"damaged{i}.dll", e.Message, StringComparison.Ordinal);
                Assert.False(File.Exists(damaged + ".out"));
            }
        }

        Assert.InRange(refused, 1, 39);
    }

    [Theory]
    [InlineData("[GreenletBridge.NoWeave] public void N() { Thread.Sleep(1); } }", 1001)]
    [InlineData("} public struct S { public S(int n) { Thread.Sleep(n); } }", 1002)]
    [InlineData("static C() { Thread.Sleep(1); } }", 1025)]
    [InlineData("public void N() { try { Console.Write(1); } catch when (Slow()) { } } static bool Slow() { Thread.Sleep(1); return true; } }", 1012)]
    [InlineData("public void N(ref Span<int> x) { Thread.Sleep(1); } }", 1006)]
    [InlineData("static int _s; void Take(ref int x) { Thread.Sleep(1); x++; } public void N() { Take(ref _s); } }", 1018)]
    [InlineData("[System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.Synchronized)] public void N() { Thread.Sleep(1); } }", 1008)]
    [InlineData("public int N(int[] a) { Span<int> s = a; Thread.Sleep(1); return s[0]; } }", 1013)]
    [InlineData("[ThreadStatic] static int _t; public void N() { _t = 1; Thread.Sleep(1); } }", 1024)]
    [InlineData("public void N() { System.Transactions.Transaction.Current = null; Thread.Sleep(1); } }", 1023)]
    [InlineData("int N<T>(T t) where T : I => t.G(1); } interface I { T G<T>(T t); } class A : I { public T G<T>(T t) { Thread.Sleep(1); return t; } }", 1015)]
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
            Waiting + "[GreenletBridge.GreenletRequired] public void R() { A(); } void A() { B(); } void B() { lock (this) { } new S().ToString(); } struct S { public S() { Thread.Sleep(1); } } public void Free() { M(); } }", optimize: true).Result.Report;

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

    private static void AssertLeftAlone(string path, string reason)
    {
        var before = File.ReadAllBytes(path);

        var error = Assert.Throws<WeaveException>(() => Weave(path, path));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains(Path.GetFileName(path), error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    private static WeaveResult Weave(string input, string output) =>
        new Weaver(new WeaverOptions { Input = input, Output = output, References = CaseAssembly.PlatformFiles }).Weave();
}
