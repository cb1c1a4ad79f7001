using System.Reflection;
using System.Runtime.Loader;

namespace GreenletBridge.FastMode.Libraries;

/// <summary>Loads what a library's tests were built with as they say, and everything else, this program's parts among them, as the program does.</summary>
internal sealed class CopyContext(string tests) : AssemblyLoadContext(name: null)
{
    private readonly AssemblyDependencyResolver _files = new(tests);

    protected override Assembly? Load(AssemblyName assemblyName) =>
        !assemblyName.Name!.StartsWith("GreenletBridge.", StringComparison.Ordinal) && _files.ResolveAssemblyToPath(assemblyName) is { } file ? LoadFromAssemblyPath(file) : null;

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _files.ResolveUnmanagedDllToPath(unmanagedDllName) is { } file ? LoadUnmanagedDllFromPath(file) : 0;
}
