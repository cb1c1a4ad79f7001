using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace GreenletBridge.TestSupport;

/// <summary>Members and types in words close to C#'s.</summary>
internal static class SignatureText
{
    private static readonly Dictionary<Type, string> _keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(int)] = "int",
        [typeof(long)] = "long", [typeof(double)] = "double", [typeof(byte)] = "byte", [typeof(nint)] = "nint",
    };

    public static bool IsOffered(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    public static string Of(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => constructor.IsStatic ? "" : $"{Access(constructor)}.ctor({Parameters(constructor)})",
        MethodInfo method => Of(method),
        PropertyInfo property => Of(property),
        FieldInfo field => $"{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{Annotated(field.FieldType, new NullabilityInfoContext().Create(field))} {field.Name}",
        EventInfo raised => $"event {Of(raised.EventHandlerType!)} {raised.Name}",
        _ => "",
    };

    public static string Of(Type type)
    {
        if (_keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (type.IsByRef)
        {
            return Of(type.GetElementType()!);
        }

        if (type.IsArray)
        {
            return Of(type.GetElementType()!) + "[]";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Of(underlying) + "?";
        }

        var name = type.IsNested ? $"{Of(type.DeclaringType!)}.{Plain(type)}" : Plain(type);
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>" : name;
    }

    private static string Of(MethodInfo method)
    {
        var modifiers = method.IsStatic ? "static " : method.IsAbstract && !method.DeclaringType!.IsInterface ? "abstract " : Virtual(method);
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";
        return $"{Access(method)}{modifiers}{Annotated(method.ReturnParameter)} {method.Name}{generic}({Parameters(method)})";
    }

    private static string Of(PropertyInfo property)
    {
        var accessors = property.GetAccessors(nonPublic: true).Where(IsOffered).ToList();
        var isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit") == true;
        var words = accessors.Select(accessor => accessor == property.GetMethod ? $"{Access(accessor)}get;" : $"{Access(accessor)}{(isInit ? "init" : "set")};");
        var index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(Of))}]" : "";
        var type = Annotated(property.PropertyType, new NullabilityInfoContext().Create(property));
        return $"{(accessors[0].IsStatic ? "static " : Virtual(accessors[0]))}{type} {property.Name}{index} {{ {string.Join(' ', words)} }}";
    }

    private static string Of(ParameterInfo parameter)
    {
        var direction = parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? (parameter.IsIn ? "in " : "ref ") : "";
        var variable = parameter.IsDefined(typeof(ParamArrayAttribute), inherit: false) ? "params " : "";
        return $"{direction}{variable}{Annotated(parameter)} {parameter.Name}{Default(parameter)}";
    }

    private static string Parameters(MethodBase method) =>
        (method.IsDefined(typeof(ExtensionAttribute), inherit: false) ? "this " : "") + string.Join(", ", method.GetParameters().Select(Of));

    private static string Default(ParameterInfo parameter) => !parameter.HasDefaultValue ? "" : parameter.DefaultValue switch
    {
        null => parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null ? " = default" : " = null",
        string text => $" = \"{text}\"",
        bool flag => flag ? " = true" : " = false",
        var value => string.Create(CultureInfo.InvariantCulture, $" = {value}"),
    };

    private static string Annotated(ParameterInfo parameter) => Annotated(parameter.ParameterType, new NullabilityInfoContext().Create(parameter));

    private static string Annotated(Type type, NullabilityInfo nullability) =>
        // An unconstrained type parameter reads as nullable; its declaration never says so.
        !type.IsGenericParameter && !type.IsValueType
        && (nullability.ReadState == NullabilityState.Nullable || nullability.WriteState == NullabilityState.Nullable)
            ? Of(type) + "?"
            : Of(type);

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Virtual(MethodInfo method) => method is not { IsVirtual: true, IsFinal: false, DeclaringType.IsInterface: false } ? ""
        : method.GetBaseDefinition().DeclaringType == method.DeclaringType ? "virtual " : "override ";

    private static string Plain(Type type) => type.Name.Split('`')[0];
}
