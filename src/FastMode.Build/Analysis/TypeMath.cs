using Mono.Cecil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Types with other types put in for their type parameters, and what is known of types.</summary>
internal static class TypeMath
{
    private const int AllowsByRefLike = 0x20;

    /// <summary>The type with every type parameter replaced.</summary>
    public static TypeReference Substitute(TypeReference type, Func<GenericParameter, TypeReference> map)
    {
        switch (type)
        {
            case GenericParameter parameter:
                return map(parameter);
            case GenericInstanceType instance:
                var result = new GenericInstanceType(instance.ElementType);
                foreach (var argument in instance.GenericArguments)
                    result.GenericArguments.Add(Substitute(argument, map));
                return result;
            case ArrayType array:
                var element = Substitute(array.ElementType, map);
                if (array.IsVector)
                    return new ArrayType(element);
                var copy = new ArrayType(element, array.Rank);
                for (var i = 0; i < array.Rank; i++)
                    copy.Dimensions[i] = array.Dimensions[i];
                return copy;
            case ByReferenceType reference:
                return new ByReferenceType(Substitute(reference.ElementType, map));
            case PointerType pointer:
                return new PointerType(Substitute(pointer.ElementType, map));
            case PinnedType pinned:
                return new PinnedType(Substitute(pinned.ElementType, map));
            case RequiredModifierType required:
                return new RequiredModifierType(required.ModifierType, Substitute(required.ElementType, map));
            case OptionalModifierType optional:
                return new OptionalModifierType(optional.ModifierType, Substitute(optional.ElementType, map));
            case FunctionPointerType or SentinelType when type.ContainsGenericParameter:
                throw new PinnedException(PinCode.UnusualCode, $"the type {type.FullName}");
            default:
                return type;
        }
    }

    /// <summary>A type of a method's signature as a call of the method sees it.</summary>
    public static TypeReference InCall(TypeReference type, MethodReference method)
    {
        if (!type.ContainsGenericParameter)
            return type;
        var owner = method.DeclaringType as GenericInstanceType;
        var instance = method as GenericInstanceMethod;
        return Substitute(type, parameter => parameter.Type == GenericParameterType.Type
            ? owner is null ? parameter : owner.GenericArguments[parameter.Position]
            : instance is null ? parameter : instance.GenericArguments[parameter.Position]);
    }

    /// <summary>A field's type as an access through the reference sees it.</summary>
    public static TypeReference InField(FieldReference field)
    {
        var owner = field.DeclaringType as GenericInstanceType;
        return owner is null || !field.FieldType.ContainsGenericParameter
            ? field.FieldType
            : Substitute(field.FieldType, parameter => parameter.Type == GenericParameterType.Type ? owner.GenericArguments[parameter.Position] : parameter);
    }

    public static TypeReference WithoutModifiers(TypeReference type) => type is IModifierType modified ? WithoutModifiers(modified.ElementType) : type;

    /// <summary>Of a reference the type that it refers to, else the type itself.</summary>
    public static TypeReference Referred(TypeReference type) => WithoutModifiers(type) is ByReferenceType reference ? reference.ElementType : type;

    /// <summary>The type seen from inside itself: with its own type parameters.</summary>
    public static TypeReference Self(TypeDefinition type)
    {
        if (!type.HasGenericParameters)
            return type;
        var self = new GenericInstanceType(type);
        foreach (var parameter in type.GenericParameters)
            self.GenericArguments.Add(parameter);
        return self;
    }

    /// <summary>The same for types that are the same: by its full name alone a type's T is any method's T.</summary>
    public static string KeyOf(TypeReference type) => type switch
    {
        { ContainsGenericParameter: false } => type.FullName,
        GenericParameter parameter => (parameter.Type == GenericParameterType.Method ? "!!" : "!") + parameter.Position,
        GenericInstanceType instance => $"{instance.ElementType.FullName}<{string.Join(',', instance.GenericArguments.Select(KeyOf))}>",
        ArrayType array => $"{KeyOf(array.ElementType)}[{array.Rank}]",
        ByReferenceType reference => KeyOf(reference.ElementType) + "&",
        PointerType pointer => KeyOf(pointer.ElementType) + "*",
        _ => type.FullName,
    };

    /// <summary>Why a value of the type cannot be kept in a frame; null when it can.</summary>
    public static PinCode? WhyNotSaved(TypeReference type)
    {
        type = WithoutModifiers(type);
        if (type == StackTyper.Null)
            return null;
        switch (type)
        {
            case ByReferenceType:
                return PinCode.LiveByRef;
            case PointerType or PinnedType or FunctionPointerType:
                return PinCode.FixedMemory;
            case GenericParameter parameter:
                return ((int)parameter.Attributes & AllowsByRefLike) != 0 ? PinCode.LiveByRef : null;
            case ArrayType:
                return null;
        }

        if (type.MetadataType is MetadataType.TypedByReference)
            return PinCode.LiveByRef;
        if (type.IsPrimitive || type.MetadataType is MetadataType.String or MetadataType.Object)
            return null;
        if (type.Resolve() is not { } definition)
            return type.IsValueType ? PinCode.Unresolved : null;
        return definition.IsValueType && IsByRefLike(definition) ? PinCode.LiveByRef : null;
    }

    /// <summary>Whether it is an interpolated string that is being filled. A local of that type is kept by what it has taken so far.</summary>
    public static bool IsInterpolation(TypeReference type) => type.FullName == "System.Runtime.CompilerServices.DefaultInterpolatedStringHandler";

    public static bool IsByRefLike(TypeDefinition type) =>
        type.FullName == "System.TypedReference" || HasAttribute(type, "System.Runtime.CompilerServices.IsByRefLikeAttribute");

    public static bool HasAttribute(ICustomAttributeProvider provider, string name) =>
        provider.HasCustomAttributes && provider.CustomAttributes.Any(a => a.AttributeType.FullName == name);

    public static bool IsDelegate(TypeDefinition? type) => type?.BaseType?.FullName == "System.MulticastDelegate";

    /// <summary>Whether the type or one it derives from has the name.</summary>
    public static bool Derives(TypeDefinition? type, string name)
    {
        for (var t = type; t is not null; t = t.BaseType?.Resolve())
        {
            if (t.FullName == name)
                return true;
        }

        return false;
    }

    public static bool Implements(TypeDefinition type, string name) => type.HasInterfaces && type.Interfaces.Any(i => i.InterfaceType.GetElementType().FullName == name);
}
