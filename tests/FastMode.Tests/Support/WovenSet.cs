using System.Reflection;
using System.Runtime.Loader;
using GreenletBridge.FastMode.Build;

namespace GreenletBridge.FastMode.Tests;

/// <summary>A source that is woven together with libraries: the copies call each other's twins.</summary>
internal static class WovenSet
{
    public static (Assembly Assembly, WeaveResult Result) Make(string source, string name, params string[] libraries) => Make(source, name, isStressed: false, libraries);

    /// <summary>As <see cref="Make(string, string, string[])"/>, with libraries in which every method may wait.</summary>
    public static (Assembly Assembly, WeaveResult Result) MakeStressed(string source, string name, params string[] libraries) => Make(source, name, isStressed: true, libraries);

    private static (Assembly Assembly, WeaveResult Result) Make(string source, string name, bool isStressed, string[] libraries)
    {
        var folder = Directory.CreateTempSubdirectory("set").FullName;
        var references = CaseAssembly.PlatformFiles.ToList();
        var pairs = isStressed ? StressCopy.Pairs : new Dictionary<string, string>();
        foreach (var library in libraries)
        {
            var woven = Path.Combine(folder, library + ".dll");
            var input = references.Single(r => Path.GetFileNameWithoutExtension(r) == library);
            if (isStressed)
            {
                StressCopy.Write(input, woven, CaseAssembly.PlatformFiles);
                input = woven;
            }

            new Weaver(new WeaverOptions { Input = input, Output = woven, References = references, Pairs = pairs }).Weave();
            references.RemoveAll(r => Path.GetFileNameWithoutExtension(r) == library);
            references.Add(woven);
        }

        var file = Path.Combine(folder, name + ".dll");
        CaseAssembly.Compile(source, name, file, optimize: true);
        var result = new Weaver(new WeaverOptions { Input = file, Output = file, References = references, Pairs = pairs }).Weave();
        var context = new AssemblyLoadContext(name);
        foreach (var library in libraries)
            context.LoadFromAssemblyPath(Path.Combine(folder, library + ".dll"));
        return (context.LoadFromAssemblyPath(file), result);
    }
}
