using System.Collections.Concurrent;
using System.ComponentModel;
using System.Reflection;

namespace GreenletBridge.FastMode;

/// <summary>The woven assemblies of the process. Woven code registers itself before any of it runs.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class WovenAssemblies
{
    private static readonly ConcurrentDictionary<Module, bool> _modules = new();

    /// <summary>The initializer of a woven module. Its twins are used from now on.</summary>
    /// <param name="type">Any type of the module.</param>
    public static void Add(RuntimeTypeHandle type)
    {
        var module = Type.GetTypeFromHandle(type)!.Module;
        if (module.Assembly.GetCustomAttribute<WovenAssemblyAttribute>()?.Version == WovenAssemblyAttribute.Current && !module.Assembly.IsCollectible)
        {
            _modules[module] = true;
            WovenBody.Finder = TwinFinder.Instance;
        }
    }

    internal static bool Contains(Module module) => _modules.ContainsKey(module);
}
