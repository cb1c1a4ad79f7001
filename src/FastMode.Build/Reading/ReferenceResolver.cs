using Mono.Cecil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Finds referenced assemblies among the files of the build, nowhere else.</summary>
internal sealed class ReferenceResolver : IAssemblyResolver
{
    private readonly Dictionary<string, string> _files = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, AssemblyDefinition> _read = new(StringComparer.OrdinalIgnoreCase);

    public ReferenceResolver(IEnumerable<string> files)
    {
        foreach (var file in files)
            _files[Path.GetFileNameWithoutExtension(file)] = file;
    }

    public AssemblyDefinition? Resolve(AssemblyNameReference name) => Resolve(name, new ReaderParameters());

    public AssemblyDefinition? Resolve(AssemblyNameReference name, ReaderParameters parameters)
    {
        if (_read.TryGetValue(name.Name, out var assembly))
            return assembly;
        if (!_files.TryGetValue(name.Name, out var file))
            return null;
        parameters.AssemblyResolver = this;
        // Read into memory: the build may replace the file while this runs.
        parameters.InMemory = true;
        assembly = AssemblyDefinition.ReadAssembly(file, parameters);
        _read.Add(name.Name, assembly);
        return assembly;
    }

    public void Dispose()
    {
        foreach (var assembly in _read.Values)
            assembly.Dispose();
    }
}
