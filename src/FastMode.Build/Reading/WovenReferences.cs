using Mono.Cecil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Referenced assemblies that have been woven before this one.</summary>
internal sealed class WovenReferences
{
    private readonly Dictionary<ModuleDefinition, bool> _known = [];

    /// <summary>The twin that another assembly has for its method; null when it has none.</summary>
    public MethodDefinition? TwinOf(MethodDefinition method)
    {
        if (!IsWoven(method.Module))
            return null;
        var methods = method.DeclaringType.Methods;
        var index = methods.IndexOf(method) + 1;
        return index < methods.Count && methods[index].Name.StartsWith(method.Name + Names.Suffix, StringComparison.Ordinal) ? methods[index] : null;
    }

    private bool IsWoven(ModuleDefinition module)
    {
        if (!_known.TryGetValue(module, out var woven))
            _known.Add(module, woven = TypeMath.HasAttribute(module.Assembly, Names.WovenAssembly));
        return woven;
    }
}
