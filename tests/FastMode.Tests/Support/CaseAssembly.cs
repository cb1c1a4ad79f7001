using System.Reflection;
using System.Runtime.Loader;
using GreenletBridge.FastMode.Build;
using GreenletBridge.TestSupport;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace GreenletBridge.FastMode.Tests;

/// <summary>One source, compiled twice: as it is, and woven.</summary>
internal sealed class CaseAssembly
{
    private static readonly string _folder = Directory.CreateTempSubdirectory("woven").FullName;
    private static int _number;

    private CaseAssembly(Assembly plain, Assembly woven, WeaveResult result, string path)
    {
        Plain = plain;
        Woven = woven;
        Result = result;
        Path = path;
    }

    public Assembly Plain { get; }

    public Assembly Woven { get; }

    public WeaveResult Result { get; }

    public string Path { get; }

    public static IReadOnlyList<string> PlatformFiles { get; } =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(System.IO.Path.PathSeparator);

    /// <summary>Several files as one, with the usings in front.</summary>
    public static string SourcesOf(params IEnumerable<string> names)
    {
        var lines = names.SelectMany(static n => SourceOf(n).Split('\n')).ToList();
        return string.Join('\n', lines.Where(IsUsing).Distinct().Concat(lines.Where(static l => !IsUsing(l))));

        static bool IsUsing(string line) => line.StartsWith("using ", StringComparison.Ordinal);
    }

    public static string SourceOf(string name) => File.ReadAllText(System.IO.Path.Combine(AppContext.BaseDirectory, "Cases", name));

    /// <param name="source">The source.</param>
    /// <param name="optimize">Whether the compiler optimizes.</param>
    /// <param name="pairs">Blocking methods and their async forms.</param>
    /// <param name="change">What is done to the compiled file before it is woven.</param>
    public static CaseAssembly Make(string source, bool optimize, IReadOnlyDictionary<string, string>? pairs = null, Action<string>? change = null)
    {
        var name = $"Case{Interlocked.Increment(ref _number)}";
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(_folder, name)).FullName;
        var plain = System.IO.Path.Combine(folder, name + ".dll");
        Compile(source, name, plain, optimize);
        change?.Invoke(plain);
        var wovenFolder = Directory.CreateDirectory(System.IO.Path.Combine(folder, "woven")).FullName;
        var woven = System.IO.Path.Combine(wovenFolder, name + ".dll");
        var options = new WeaverOptions { Input = plain, Output = woven, References = PlatformFiles };
        var result = new Weaver(pairs is null ? options : new WeaverOptions { Input = plain, Output = woven, References = PlatformFiles, Pairs = pairs }).Weave();
        return new CaseAssembly(
            new AssemblyLoadContext(name + " plain").LoadFromAssemblyPath(plain),
            new AssemblyLoadContext(name + " woven").LoadFromAssemblyPath(woven),
            result,
            woven);
    }

    public static void Compile(string source, string name, string path, bool optimize, params string[] references)
    {
        var tree = CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.Preview), path + ".cs", System.Text.Encoding.UTF8);
        var compilation = CSharpCompilation.Create(
            name,
            [tree],
            PlatformFiles.Concat(references).Select(static f => MetadataReference.CreateFromFile(f)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: optimize ? OptimizationLevel.Release : OptimizationLevel.Debug, allowUnsafe: true));
        using var dll = File.Create(path);
        using var pdb = File.Create(System.IO.Path.ChangeExtension(path, ".pdb"));
        var emitted = compilation.Emit(dll, pdb, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        if (!emitted.Success)
            throw new InvalidOperationException(string.Join('\n', emitted.Diagnostics.Where(static d => d.Severity == DiagnosticSeverity.Error)));
    }

    /// <summary>The cases: static methods without parameters that give a string.</summary>
    public static IEnumerable<string> CasesOf(Assembly assembly) => assembly.GetTypes()
        .Where(static t => t.Name.EndsWith("Cases", StringComparison.Ordinal))
        .SelectMany(static t => t.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(static m => m.ReturnType == typeof(string) && m.GetParameters().Length == 0)
        .Select(static m => $"{m.DeclaringType!.FullName}.{m.Name}");

    public static Func<string> CaseOf(Assembly assembly, string name)
    {
        var dot = name.LastIndexOf('.');
        return assembly.GetType(name[..dot], throwOnError: true)!.GetMethod(name[(dot + 1)..])!.CreateDelegate<Func<string>>();
    }
}
