using System.Text;
using Mono.Cecil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Names methods across assemblies: type, name and parameter types, type parameters by position.</summary>
internal static class MethodKey
{
    /// <summary>The key of a method as it is declared.</summary>
    public static string Of(MethodDefinition method) =>
        Of(method.DeclaringType, method.Name, method.Parameters.Select(static p => p.ParameterType), method.HasThis);

    /// <summary>The key of the method that a primitive stands for.</summary>
    public static string Replaced(TypeReference type, string name, MethodDefinition primitive)
    {
        var definition = type.Resolve();
        var types = primitive.Parameters.Take(primitive.Parameters.Count - 1).Select(static p => p.ParameterType).ToList();
        var isStatic = definition.Methods.Any(m => m.Name == name && m.IsStatic && m.Parameters.Count == types.Count
            && m.Parameters.Zip(types, static (p, t) => Name(p.ParameterType) == Name(t)).All(static same => same));
        return Of(definition, name, isStatic ? types : types.Skip(1), hasThis: !isStatic);
    }

    private static string Of(TypeReference type, string name, IEnumerable<TypeReference> parameters, bool hasThis) =>
        $"{(hasThis ? "instance" : "static")} {type.GetElementType().FullName}::{name}({string.Join(',', parameters.Select(Name))})";

    private static string Name(TypeReference type)
    {
        switch (type)
        {
            case GenericParameter parameter:
                return $"!{parameter.Position}";
            case GenericInstanceType instance:
                var name = new StringBuilder(instance.ElementType.FullName).Append('<');
                return name.AppendJoin(',', instance.GenericArguments.Select(Name)).Append('>').ToString();
            case ArrayType array:
                return $"{Name(array.ElementType)}[{array.Rank}]";
            case ByReferenceType reference:
                return Name(reference.ElementType) + "&";
            case IModifierType modified:
                return Name(modified.ElementType);
            default:
                return type.FullName;
        }
    }
}
