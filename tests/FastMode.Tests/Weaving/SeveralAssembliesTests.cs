using System.Reflection;
using System.Runtime.Loader;
using GreenletBridge.FastMode.Build;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.FastMode.Tests.Weaving;

/// <summary>Woven assemblies that call each other, with and without a plain one between them.</summary>
public sealed class SeveralAssembliesTests
{
    private const string Library = """
        using System; using System.Threading;
        namespace Lib;
        public interface IStep { string Run(int n); }
        public abstract class Base { public virtual string Name() { Thread.Yield(); return "base"; } public string Call() { Thread.Yield(); return Name(); } }
        public class Step : IStep { public virtual string Run(int n) { Thread.Yield(); return "step" + n; } }
        public static class Tool { public static T Same<T>(T value) { Thread.Yield(); return value; } public static string Each(Func<int, string> f) { var t = ""; for (var i = 0; i < 3; i++) t += f(i); return t; } }
        public class Box<T> { public T Value; public T Get() { Thread.Yield(); return Value; } }
        """;

    private const string Application = """
        using System.Threading; using Lib;
        public class Own : Base { public override string Name() { Thread.Yield(); return "own" + base.Name(); } }
        public class OwnStep : IStep { public string Run(int n) { Thread.Yield(); return "own" + n; } }
        public class Deeper : Step { public override string Run(int n) { Thread.Yield(); return "deeper" + base.Run(n); } }
        public static class App
        {
            public static string Go() => Tool.Same("a") + Tool.Same(1) + new Own().Call() + Use(new OwnStep()) + Use(new Step()) + Use(new Deeper()) + Tool.Each(i => { Thread.Yield(); return "e" + i; })
                + new Box<int> { Value = 4 }.Get() + new Box<string> { Value = "b" }.Get();
            static string Use(IStep s) => s.Run(7);
        }
        """;

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Run_AcrossAssemblies_GivesTheSame(bool weaveLibrary, bool weaveApplication)
    {
        var folder = Directory.CreateTempSubdirectory("several").FullName;
        var library = Path.Combine(folder, "Lib.dll");
        var application = Path.Combine(folder, "App.dll");
        CaseAssembly.Compile(Library, "Lib", library, optimize: true);
        CaseAssembly.Compile(Application, "App", application, optimize: true, library);
        foreach (var (path, weave) in new[] { (library, weaveLibrary), (application, weaveApplication) })
        {
            if (weave)
                new Weaver(new WeaverOptions { Input = path, Output = path, References = [.. CaseAssembly.PlatformFiles, library] }).Weave();
        }

        var context = new AssemblyLoadContext("several");
        context.Resolving += (c, name) => name.Name == "Lib" ? c.LoadFromAssemblyPath(library) : null;
        Assembly app = context.LoadFromAssemblyPath(application);
        var code = app.GetType("App")!.GetMethod("Go")!.CreateDelegate<Func<string>>();
        await using var hub = new Hub();
        hub.Start();

        Assert.Equal("a1ownbaseown7step7deeperstep7e0e1e24b", await Deadline.For(hub.Bridge.AsTask(hub.Spawn(code)), "its value", () => hub.Snapshot().ToString()));
        Assert.Equal(weaveLibrary && weaveApplication, Delegates.Find(code) is not null);
    }
}
