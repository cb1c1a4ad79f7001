using Mono.Cecil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Which waits have a woven form: those that the runtime library names, and the pairs that the user adds.</summary>
internal sealed class PrimitiveTable
{
    private const string Attribute = "GreenletBridge.FastMode.ReplacesAttribute";
    private readonly Dictionary<string, (MethodDefinition Method, bool Suspends)> _primitives = new(StringComparer.Ordinal);

    public PrimitiveTable(ModuleDefinition runtime)
    {
        foreach (var method in runtime.Types.SelectMany(static t => t.Methods))
        {
            foreach (var attribute in method.CustomAttributes.Where(static a => a.AttributeType.FullName == Attribute))
            {
                var suspends = !attribute.Properties.Any(static p => p.Name == "NeverSuspends" && (bool)p.Argument.Value);
                var key = MethodKey.Replaced((TypeReference)attribute.ConstructorArguments[0].Value, (string)attribute.ConstructorArguments[1].Value, method);
                _primitives.Add(key, (method, suspends));
            }
        }
    }

    /// <summary>The woven form of a method; null when it has none.</summary>
    public MethodDefinition? Find(MethodDefinition method, out bool suspends)
    {
        var found = _primitives.TryGetValue(MethodKey.Of(method), out var primitive);
        suspends = found && primitive.Suspends;
        return found ? primitive.Method : null;
    }
}
