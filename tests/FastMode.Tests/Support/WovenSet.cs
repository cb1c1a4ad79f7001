using System.Reflection;
using System.Runtime.Loader;
using GreenletBridge.FastMode.Build;

namespace GreenletBridge.FastMode.Tests;

/// <summary>A source that is woven together with libraries: the copies call each other's twins.</summary>
internal static class WovenSet
{
    public static (Assembly Assembly, WeaveResult Result) Make(string source, string name, params string[] libraries)
    {
        var folder = Directory.CreateTempSubdirectory("set").FullName;
        var references = CaseAssembly.PlatformFiles.ToList();
        foreach (var library in libraries)
        {
            var woven = Path.Combine(folder, library + ".dll");
            new Weaver(new WeaverOptions { Input = references.Single(r => Path.GetFileNameWithoutExtension(r) == library), Output = woven, References = references }).Weave();
            references.RemoveAll(r => Path.GetFileNameWithoutExtension(r) == library);
            references.Add(woven);
        }

        var file = Path.Combine(folder, name + ".dll");
        CaseAssembly.Compile(source, name, file, optimize: true);
        var result = new Weaver(new WeaverOptions { Input = file, Output = file, References = references }).Weave();
        var context = new AssemblyLoadContext(name);
        foreach (var library in libraries)
            context.LoadFromAssemblyPath(Path.Combine(folder, library + ".dll"));
        return (context.LoadFromAssemblyPath(file), result);
    }
}
