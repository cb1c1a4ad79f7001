using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <summary>The assembly to weave, read with its symbols and written back whole.</summary>
internal sealed class InputAssembly : IDisposable
{
    private readonly string _path;

    private InputAssembly(AssemblyDefinition assembly, string path)
    {
        Assembly = assembly;
        _path = path;
    }

    public AssemblyDefinition Assembly { get; }

    /// <exception cref="WeaveException">It is nothing that can be woven.</exception>
    public static InputAssembly Read(string path, IAssemblyResolver resolver)
    {
        var name = Path.GetFileName(path);
        AssemblyDefinition? assembly = null;
        try
        {
            FormatCheck.RefuseUnknown(path);
            assembly = AssemblyDefinition.ReadAssembly(path, Parameters(path, resolver));
            if (WhyNot(assembly) is not { } reason)
                return new InputAssembly(assembly, path);
            throw new WeaveException($"{name} is not woven: {reason}.");
        }
        catch (Exception e)
        {
            assembly?.Dispose();
            // Of what is damaged, or newer than the reader, anything may be thrown.
            throw e as WeaveException ?? new WeaveException($"{name} is not woven: it cannot be read ({e.Message}).");
        }
    }

    /// <summary>Writes to a file beside the output first, so that the output is never half of one.</summary>
    public void Write(string output)
    {
        Assembly.MainModule.Attributes |= ModuleAttributes.ILOnly;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
        var parts = output + ".weaving";
        Directory.CreateDirectory(parts);
        try
        {
            var file = Path.Combine(parts, Path.GetFileName(output));
            var hasSymbols = Assembly.MainModule.HasSymbols;
            Assembly.Write(file, new WriterParameters
            {
                WriteSymbols = hasSymbols,
                SymbolWriterProvider = hasSymbols ? WriterOfSymbols() : null,
                DeterministicMvid = true,
            });
            var symbols = Path.ChangeExtension(file, ".pdb");
            if (File.Exists(symbols))
                File.Move(symbols, Path.ChangeExtension(output, ".pdb"), overwrite: true);
            File.Move(file, output, overwrite: true);
        }
        finally
        {
            Directory.Delete(parts, recursive: true);
        }
    }

    public void Dispose() => Assembly.Dispose();

    private static string? WhyNot(AssemblyDefinition assembly)
    {
        var module = assembly.MainModule;
        // A ReadyToRun image is IL with native code beside it, which is left away.
        return TypeMath.HasAttribute(assembly, Names.WovenAssembly) ? "it has been woven before"
            : assembly.Modules.Count > 1 ? "it has several modules"
            : (module.Attributes & ModuleAttributes.ILOnly) == 0 && !HasReadyToRunHeader(module) ? "it has native code of its own (mixed mode)"
            : TypeMath.HasAttribute(assembly, Names.NoWeave) ? "it is marked [NoWeave]"
            : null;
    }

    private static ReaderParameters Parameters(string path, IAssemblyResolver resolver)
    {
        var parameters = new ReaderParameters { AssemblyResolver = resolver, InMemory = true };
        using var module = ModuleDefinition.ReadModule(path, new ReaderParameters { InMemory = true });
        var embedded = module.HasDebugHeader && module.GetDebugHeader().Entries.Any(static e => e.Directory.Type == ImageDebugType.EmbeddedPortablePdb);
        if (!embedded && !File.Exists(Path.ChangeExtension(path, ".pdb")))
            return parameters;
        parameters.ReadSymbols = true;
        parameters.SymbolReaderProvider = new DefaultSymbolReaderProvider(throwIfNoSymbol: false);
        return parameters;
    }

    private ISymbolWriterProvider WriterOfSymbols() =>
        File.Exists(Path.ChangeExtension(_path, ".pdb")) ? new PortablePdbWriterProvider() : new EmbeddedPortablePdbWriterProvider();

    private static bool HasReadyToRunHeader(ModuleDefinition module) => (module.Attributes & (ModuleAttributes)0x4) != 0;
}
