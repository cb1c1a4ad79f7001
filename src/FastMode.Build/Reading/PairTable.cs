using Mono.Cecil;

namespace GreenletBridge.FastMode.Build;

/// <summary>The user's pairs of a blocking method and its async form.</summary>
internal sealed class PairTable
{
    private readonly Dictionary<string, string> _pairs;

    /// <summary>Creates it.</summary>
    /// <param name="pairs">Full names, as "Company.Client.Get" and "Company.Client.GetAsync".</param>
    public PairTable(IReadOnlyDictionary<string, string> pairs) => _pairs = new Dictionary<string, string>(pairs, StringComparer.Ordinal);

    /// <summary>The async form of a method: the same parameters, perhaps a token behind them; null when none was named.</summary>
    /// <exception cref="WeaveException">It was named, and is not there.</exception>
    public MethodDefinition? Find(MethodDefinition method)
    {
        if (_pairs.Count == 0 || !_pairs.TryGetValue($"{method.DeclaringType.FullName.Replace('/', '.')}.{method.Name}", out var name))
            return null;
        var simple = name[(name.LastIndexOf('.') + 1)..];
        return method.DeclaringType.Methods.FirstOrDefault(m => m.Name == simple && Fits(method, m))
            ?? throw new WeaveException($"GreenletPrimitive: {name} has no form that fits {method.FullName}: it must take the same parameters, perhaps a CancellationToken behind them, and return a Task.");
    }

    private static bool Fits(MethodDefinition method, MethodDefinition candidate)
    {
        var count = method.Parameters.Count;
        return candidate.IsStatic == method.IsStatic
            && candidate.GenericParameters.Count == method.GenericParameters.Count
            && (candidate.Parameters.Count == count
                || (candidate.Parameters.Count == count + 1 && candidate.Parameters[count].ParameterType.FullName == "System.Threading.CancellationToken"))
            && method.Parameters.Zip(candidate.Parameters, static (a, b) => a.ParameterType.FullName == b.ParameterType.FullName).All(static same => same)
            && Returns(method.ReturnType, candidate.ReturnType);
    }

    private static bool Returns(TypeReference result, TypeReference task) => result.MetadataType == MetadataType.Void
        ? task.FullName == "System.Threading.Tasks.Task"
        : task is GenericInstanceType { ElementType.FullName: "System.Threading.Tasks.Task`1" } instance && instance.GenericArguments[0].FullName == result.FullName;
}
