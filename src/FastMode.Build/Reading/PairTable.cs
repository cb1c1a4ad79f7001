using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Pairs of a blocking method and its async form: the user's and those that are known.</summary>
internal sealed class PairTable
{
    private readonly Dictionary<string, string> _pairs;

    /// <summary>Creates it.</summary>
    /// <param name="pairs">Full names, as "Company.Client.Get" and "Company.Client.GetAsync".</param>
    public PairTable(IReadOnlyDictionary<string, string> pairs) => _pairs = new Dictionary<string, string>(pairs, StringComparer.Ordinal);

    /// <summary>The async form of a method: the same parameters, perhaps a token behind them; null when it has none.</summary>
    /// <exception cref="WeaveException">It was named, and is not there.</exception>
    public MethodDefinition? Find(MethodDefinition method, Code call)
    {
        if (_pairs.TryGetValue($"{method.DeclaringType.FullName.Replace('/', '.')}.{method.Name}", out var name))
        {
            return FindIn(method, name[(name.LastIndexOf('.') + 1)..])
                ?? throw new WeaveException($"GreenletPrimitive: {name} has no form that fits {method.FullName}: it must take the same parameters, perhaps a CancellationToken behind them, and return a Task or a ValueTask.");
        }

        // A call of the base's own form: its async form would call what overrides it, which is who calls here.
        if (method.IsVirtual && call != Code.Callvirt)
            return null;
        return IsKnown(method) ? FindIn(method, method.Name + "Async") ?? OfBase(method) : null;
    }

    /// <summary>Whether it is a pair of the framework's or of this library.</summary>
    // Drivers hide methods by some of a more exact type, which have async forms beside them.
    public static bool IsKnown(MethodDefinition method)
    {
        for (var type = method.DeclaringType; type is not null; type = type.BaseType?.Resolve())
        {
            if (KnownPairs.Contains(type.FullName, method.Name))
                return true;
        }

        return false;
    }

    private static MethodDefinition? OfBase(MethodDefinition method)
    {
        var root = method;
        while (root is { IsVirtual: true, IsReuseSlot: true } && Mono.Cecil.Rocks.MethodDefinitionRocks.GetBaseMethod(root) is { } below && below != root)
            root = below;
        return root == method || root.DeclaringType.HasGenericParameters ? null : FindIn(root, method.Name + "Async");
    }

    private static MethodDefinition? FindIn(MethodDefinition method, string name) => method.DeclaringType.Methods.FirstOrDefault(m => m.Name == name && Fits(method, m));

    private static bool Fits(MethodDefinition method, MethodDefinition candidate)
    {
        var count = method.Parameters.Count;
        return candidate.IsStatic == method.IsStatic
            && candidate.IsPublic
            && candidate.GenericParameters.Count == method.GenericParameters.Count
            && (candidate.Parameters.Count == count
                || (candidate.Parameters.Count == count + 1 && candidate.Parameters[count].ParameterType.FullName == "System.Threading.CancellationToken"))
            && method.Parameters.Zip(candidate.Parameters, static (a, b) => a.ParameterType.FullName == b.ParameterType.FullName).All(static same => same)
            && Returns(method.ReturnType, candidate.ReturnType);
    }

    private static bool Returns(TypeReference result, TypeReference task) => result.MetadataType == MetadataType.Void
        ? task.FullName is "System.Threading.Tasks.Task" or "System.Threading.Tasks.ValueTask"
        : task is GenericInstanceType { ElementType.FullName: "System.Threading.Tasks.Task`1" or "System.Threading.Tasks.ValueTask`1" } instance
            && instance.GenericArguments[0].FullName == result.FullName;
}
