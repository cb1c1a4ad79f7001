using System.Text.Json.Nodes;
using GreenletBridge.FastMode.Build;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Mono.Cecil;
using Xunit;

namespace GreenletBridge.FastMode.Tests.Building;

/// <summary>The build's step: what it says of what the project file and the marks ask for.</summary>
public sealed class WeaveGreenletsTests : IDisposable
{
    private const string Client = "public static class Client { public static string Get(int n) => \"\"; public static Task<string> GetAsync(int n) => Task.FromResult(\"\"); public static Task<int> OtherAsync(int n) => Task.FromResult(1); } ";
    private readonly string _folder = Directory.CreateTempSubdirectory("task").FullName;
    private readonly BuildEngine _engine = new();

    private string Report => Path.Combine(_folder, "pins.json");

    [Fact]
    public void Execute_OfAPrimitiveWithoutItsAsyncForm_IsAnErrorThatSaysWhatToWrite()
    {
        AssertError("GRN0001", ["<GreenletPrimitive Include=\"Client.Get\">", "Async="], "", ("Client.Get", null));
    }

    [Fact]
    public void Execute_OfAPrimitiveWithTwoAsyncForms_IsAnErrorThatNamesBoth()
    {
        AssertError("GRN0001", ["Client.Get", "Client.GetAsync", "Client.OtherAsync"], "", ("Client.Get", "Client.GetAsync"), ("Client.Get", "Client.OtherAsync"));
    }

    [Theory]
    [InlineData("Client.OtherAsync")]
    [InlineData("Client.NoneAsync")]
    public void Execute_OfAPrimitiveWhoseFormDoesNotFit_IsAnErrorThatNamesBoth(string form)
    {
        AssertError("GRN0001", [form, "Client::Get(System.Int32)"], Client + "public class C { public string M() => Client.Get(1); }", ("Client.Get", form));
    }

    [Fact]
    public void Execute_OfTheSamePrimitiveTwice_Weaves()
    {
        Assert.True(Execute(Client + "public class C { public string M() => Client.Get(1); }", ("Client.Get", "Client.GetAsync"), ("Client.Get", "Client.GetAsync")));
    }

    [Fact]
    public void Execute_OfMarksThatContradict_IsAnErrorAndWritesNothing()
    {
        AssertError("GRN0001", ["C.M", "NoWeave", "GreenletRequired"], "public class C { [GreenletBridge.NoWeave, GreenletBridge.GreenletRequired] public void M() => Thread.Sleep(1); }");
    }

    [Fact]
    public void Execute_OfARequiredMethodThatIsPinned_IsAnErrorAtThePinWithTheWayToIt()
    {
        Assert.False(Execute("public class C { [GreenletBridge.GreenletRequired] public void M() { N(); }\nvoid N() { new S().ToString(); } struct S { public S() { Thread.Sleep(1); } } }"));

        var error = Assert.Single(_engine.Errors);
        Assert.Equal("GRN1002", error.Code);
        Assert.Contains("C.M", error.Text, StringComparison.Ordinal);
        Assert.Contains("C.N", error.Text, StringComparison.Ordinal);
        Assert.True(error.Line > 0);
    }

    [Fact]
    public void Execute_OfAStaticConstructorThatWaits_WarnsInTheOwnAssemblyAlone()
    {
        const string Source = "public class C { static C() { Thread.Sleep(1); } }";

        Assert.True(Execute(Source));
        Assert.Equal("GRN1025", Assert.Single(_engine.Warnings).Code);

        _engine.Warnings.Clear();
        Assert.True(Execute(Source, isReferenced: true));
        Assert.Empty(_engine.Warnings);
    }

    [Fact]
    public void Execute_OfALibraryThatCannotBeRead_WarnsAndLeavesItAlone()
    {
        var path = Path.Combine(_folder, "lib.dll");
        File.WriteAllText(path, "no assembly");

        Assert.True(Run(path, isReferenced: true));
        Assert.Equal("GRN0002", Assert.Single(_engine.Warnings).Code);
        Assert.False(File.Exists(path + ".woven"));

        Assert.False(Run(path, isReferenced: false));
        Assert.Equal("GRN0001", Assert.Single(_engine.Errors).Code);
    }

    [Fact]
    public void Execute_ThatFails_LeavesNoReportAndNothingThatWasWovenBefore()
    {
        Assert.True(Execute("public class C { public void M() => Thread.Sleep(1); }"));
        Assert.True(File.Exists(PathOf(".dll.woven")) && File.Exists(PathOf(".dll.pdb")) && File.Exists(Report));

        Assert.False(Execute("public class C { [GreenletBridge.GreenletRequired] public void M() { new S().ToString(); } struct S { public S() { Thread.Sleep(1); } } }"));
        Assert.False(File.Exists(PathOf(".dll.woven")) || File.Exists(PathOf(".dll.pdb")) || File.Exists(Report));
    }

    [Fact]
    public void Execute_OfALibraryThatIsRefusedNow_LeavesNothingThatWasWovenBefore()
    {
        Assert.True(Execute("public class C { public void M() => Thread.Sleep(1); }", isReferenced: true));
        Assert.True(File.Exists(PathOf(".dll.woven")) && File.Exists(PathOf(".dll.pdb")));

        File.WriteAllText(PathOf(".dll"), "no assembly");
        Assert.True(Run(PathOf(".dll"), isReferenced: true));
        Assert.Equal("GRN0002", Assert.Single(_engine.Warnings).Code);
        Assert.False(File.Exists(PathOf(".dll.woven")) || File.Exists(PathOf(".dll.pdb")));
        Assert.True(File.Exists(Report));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Execute_OfFilesOfOneName_WeavesEachAndCallsTwinsThatAllHave(bool isSame)
    {
        var unix = Compile("unix", "lib", "public static class Lib { public static int Wait() { Thread.Sleep(1); return 1; } static void Own() => Thread.Sleep(1); }");
        var win = Compile("win", "lib", $"public static class Lib {{ public static int Wait() {{ {(isSame ? "Thread.Sleep(2);" : "")} return 2; }} }} class Other {{ public void M() => Thread.Sleep(3); }}");
        var app = Compile("app", "app", "public static class App { public static int Run() { Thread.Sleep(1); return Lib.Wait(); } }", unix);
        string[] woven = [Path.Combine(_folder, "woven/unix/lib.dll"), Path.Combine(_folder, "woven/win/lib.dll"), Path.Combine(_folder, "woven/app.dll")];

        Assert.True(Run([unix, win], Item(app, woven[2], isReferenced: false), Item(unix, woven[0], isReferenced: true), Item(win, woven[1], isReferenced: true)));

        Assert.Empty(_engine.Warnings);
        Assert.Contains("System.Void Lib::Own$woven", MethodsOf(woven[0]), StringComparison.Ordinal);
        Assert.Contains("System.Void Other::M$woven", MethodsOf(woven[1]), StringComparison.Ordinal);
        Assert.Contains("System.Int32 App::Run$woven", MethodsOf(woven[2]), StringComparison.Ordinal);
        Assert.Equal(isSame, CallsOf(woven[2]).Contains("System.Int32 Lib::Wait$woven", StringComparison.Ordinal));
    }

    [Fact]
    public void Execute_OfAnAssemblyWithPins_WritesThemAsJson()
    {
        Assert.True(Execute("public class C { public void M() { new S().ToString(); } struct S { public S() { Thread.Sleep(1); } } }"));

        var pins = JsonNode.Parse(File.ReadAllText(Report))!.ToJsonString();
        Assert.Contains("GRN1002", pins, StringComparison.Ordinal);
        Assert.Contains(_engine.Messages, static m => m.Code == "GRN1002");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string PathOf(string ending) => Path.Combine(_folder, "code" + ending);

    private void AssertError(string code, string[] words, string source, params (string Sync, string? Async)[] primitives)
    {
        Assert.False(Execute(source, primitives));
        var error = Assert.Single(_engine.Errors);
        Assert.Equal(code, error.Code);
        Assert.All(words, word => Assert.Contains(word, error.Text, StringComparison.Ordinal));
        Assert.False(File.Exists(Path.Combine(_folder, "code.dll.woven")));
    }

    private bool Execute(string source, params (string Sync, string? Async)[] primitives) => Execute(source, isReferenced: false, primitives);

    private bool Execute(string source, bool isReferenced, params (string Sync, string? Async)[] primitives)
    {
        var path = Path.Combine(_folder, "code.dll");
        CaseAssembly.Compile("using System.Threading; using System.Threading.Tasks; " + source, "code", path, optimize: true);
        return Run(path, isReferenced, primitives);
    }

    private bool Run(string path, bool isReferenced, params (string Sync, string? Async)[] primitives) =>
        NewTask([], primitives, Item(path, path + ".woven", isReferenced)).Execute();

    private bool Run(string[] references, params ITaskItem[] assemblies) => NewTask(references, [], assemblies).Execute();

    private WeaveGreenlets NewTask(string[] references, (string Sync, string? Async)[] primitives, params ITaskItem[] assemblies) => new()
    {
        BuildEngine = _engine,
        Assemblies = assemblies,
        References = [.. CaseAssembly.PlatformFiles.Concat(references).Select(static f => (ITaskItem)new TaskItem(f))],
        Primitives = [.. primitives.Select(PrimitiveItem)],
        ReportFile = Report,
    };

    private string Compile(string folder, string name, string source, params string[] references)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, folder)).FullName, name + ".dll");
        CaseAssembly.Compile("using System.Threading; " + source, name, path, optimize: true, references);
        return path;
    }

    private static string MethodsOf(string path)
    {
        using var module = ModuleDefinition.ReadModule(path);
        return string.Join('\n', module.GetTypes().SelectMany(static t => t.Methods).Select(static m => m.FullName));
    }

    private static string CallsOf(string path)
    {
        using var module = ModuleDefinition.ReadModule(path);
        return string.Join('\n', module.GetMemberReferences().Select(static m => m.FullName));
    }

    private static TaskItem Item(string path, string woven, bool isReferenced)
    {
        var item = new TaskItem(path);
        item.SetMetadata("WovenFile", woven);
        item.SetMetadata("Referenced", isReferenced ? "true" : "");
        return item;
    }

    private static ITaskItem PrimitiveItem((string Sync, string? Async) pair)
    {
        var item = new TaskItem(pair.Sync);
        if (pair.Async is not null)
            item.SetMetadata("Async", pair.Async);
        return item;
    }
}
