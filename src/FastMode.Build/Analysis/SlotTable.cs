using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace GreenletBridge.FastMode.Build;

/// <summary>The virtual methods of a module: what overrides and implements what.</summary>
internal sealed class SlotTable
{
    private readonly Dictionary<MethodDefinition, List<MethodDefinition>> _members = [];
    private readonly Dictionary<MethodDefinition, MethodDefinition> _roots = [];

    public SlotTable(ModuleDefinition module)
    {
        foreach (var type in module.GetTypes())
        {
            foreach (var method in type.Methods.Where(static m => m.IsVirtual))
            {
                var root = type.IsInterface ? method : FindRoot(method);
                if (root.Module != module)
                    continue;
                _roots[method] = root;
                MembersOf(root).Add(method);
            }

            foreach (var (slot, implementation) in InterfaceMap.Of(type))
            {
                if (slot.Module == module)
                    MembersOf(slot).Add(implementation);
            }
        }
    }

    /// <summary>The slot that a virtual call goes through; null when the call can only mean the method itself.</summary>
    public MethodDefinition? RootOf(MethodDefinition method) =>
        !method.IsVirtual || method.IsFinal || method.DeclaringType.IsSealed ? null : _roots.GetValueOrDefault(method);

    /// <summary>The slot that the method overrides or opens; null when it has none in this module.</summary>
    public MethodDefinition? SlotOf(MethodDefinition method) => method.IsVirtual ? _roots.GetValueOrDefault(method) : null;

    /// <summary>All that a call of the slot may run in this module.</summary>
    public IReadOnlyList<MethodDefinition> Members(MethodDefinition root) => _members.TryGetValue(root, out var members) ? members : [];

    private List<MethodDefinition> MembersOf(MethodDefinition root)
    {
        if (!_members.TryGetValue(root, out var members))
            _members.Add(root, members = []);
        return members;
    }

    private static MethodDefinition FindRoot(MethodDefinition method)
    {
        var root = method;
        while (root.IsReuseSlot && root.GetBaseMethod() is { } below && below != root)
            root = below;
        return root;
    }
}
