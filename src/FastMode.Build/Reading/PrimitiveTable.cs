using Mono.Cecil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Which waits have a woven form: those that the runtime library names, and the pairs that the user adds.</summary>
internal sealed class PrimitiveTable
{
    private const string Attribute = "GreenletBridge.FastMode.ReplacesAttribute";
    private readonly Dictionary<string, (MethodDefinition Method, SiteKind? Kind)> _primitives = new(StringComparer.Ordinal);

    public PrimitiveTable(ModuleDefinition runtime)
    {
        foreach (var method in runtime.Types.SelectMany(static t => t.Methods))
        {
            foreach (var attribute in method.CustomAttributes.Where(static a => a.AttributeType.FullName == Attribute))
            {
                SiteKind? kind = Has(attribute, "NeverSuspends") ? null : Has(attribute, "MayLeadAnywhere") ? SiteKind.Enumeration : SiteKind.Primitive;
                var key = MethodKey.Replaced((TypeReference)attribute.ConstructorArguments[0].Value, (string)attribute.ConstructorArguments[1].Value, method);
                _primitives.Add(key, (method, kind));
            }
        }
    }

    /// <summary>The woven form of a method, and how it is called; no kind if it never waits by returning; null when it has none.</summary>
    public (MethodDefinition Method, SiteKind? Kind)? Find(MethodDefinition method) => _primitives.TryGetValue(MethodKey.Of(method), out var primitive) ? primitive : null;

    private static bool Has(CustomAttribute attribute, string name) => attribute.Properties.Any(p => p.Name == name && (bool)p.Argument.Value);
}
