using Mono.Cecil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Referenced assemblies that have been woven before this one.</summary>
internal sealed class WovenReferences
{
    private readonly Dictionary<ModuleDefinition, bool> _known = [];

    /// <summary>Names of those that have been asked for a twin and have it.</summary>
    public SortedSet<string> Used { get; } = new(StringComparer.Ordinal);

    /// <summary>The twin that another assembly has for its method; null when it has none.</summary>
    public MethodDefinition? TwinOf(MethodDefinition method)
    {
        if (!IsWoven(method.Module))
            return null;
        var methods = method.DeclaringType.Methods;
        var index = methods.IndexOf(method) + 1;
        if (index >= methods.Count || !methods[index].Name.StartsWith(method.Name + Names.Suffix, StringComparison.Ordinal))
            return null;
        Used.Add(method.Module.Assembly.Name.Name);
        return methods[index];
    }

    /// <summary>Whether the assembly has been woven.</summary>
    public bool IsWoven(ModuleDefinition module)
    {
        if (!_known.TryGetValue(module, out var woven))
            _known.Add(module, woven = TypeMath.HasAttribute(module.Assembly, Names.WovenAssembly));
        return woven;
    }
}
