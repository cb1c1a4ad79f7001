using GreenletBridge.FastMode.Build;
using GreenletBridge.FastMode.Tests;

namespace GreenletBridge.FastMode.Libraries;

/// <summary>A copy of a folder of tests: the libraries in it wait in every method, and are woven, as the tests are.</summary>
internal static class StressedFolder
{
    /// <summary>Makes the copy.</summary>
    /// <param name="tests">The tests' assembly, where it was built.</param>
    /// <param name="libraries">Names of the assemblies that are stressed, each before those that refer to it.</param>
    /// <returns>The tests' assembly in the copy.</returns>
    public static string Make(string tests, IReadOnlyList<string> libraries)
    {
        var from = Path.GetDirectoryName(tests)!;
        var to = Directory.CreateTempSubdirectory("libraries").FullName;
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var references = References(to);
        foreach (var library in libraries)
        {
            var file = Path.Combine(to, library + ".dll");
            // They belong to the library as it was built
            File.Delete(Path.ChangeExtension(file, ".pdb"));
            StressCopy.Write(file, file, references);
            Weave(file, references, StressCopy.Pairs);
        }

        var woven = Path.Combine(to, Path.GetFileName(tests));
        Weave(woven, references, new Dictionary<string, string>());
        return woven;
    }

    private static void Weave(string file, IReadOnlyList<string> references, IReadOnlyDictionary<string, string> pairs)
    {
        var result = new Weaver(new WeaverOptions { Input = file, Output = file, References = references, Pairs = pairs }).Weave();
        Console.WriteLine($"{Path.GetFileName(file)}: {result.Woven} of {result.Methods} methods are woven");
    }

    // What lies in the folder comes before what this program or the runtime has by the same name
    private static List<string> References(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*.dll")
            .Concat(((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator))
            .DistinctBy(static f => Path.GetFileName(f)),
    ];
}
