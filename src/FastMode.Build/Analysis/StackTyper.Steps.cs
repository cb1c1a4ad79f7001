using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <content>What each instruction does to the stack.</content>
internal sealed partial class StackTyper
{
    /// <summary>The type of a null that has met no other.</summary>
    public static TypeReference Null { get; } = new("", "null", null, null);

    private TypeReference[] Step(Instruction instruction, TypeReference[] stack)
    {
        var pops = Il.Pops(instruction, _method);
        if (pops < 0)
            return [];
        if (pops > stack.Length)
            throw new PinnedException(PinCode.NotUnderstood, $"the stack before {instruction.OpCode.Name}");
        var rest = stack.AsSpan(0, stack.Length - pops);
        var taken = stack.AsSpan(stack.Length - pops);
        switch (instruction.OpCode.Code)
        {
            case Code.Dup:
                return [.. rest, taken[0], taken[0]];
            case Code.Call or Code.Callvirt:
                var method = (MethodReference)instruction.Operand;
                if (method is { Name: "AsPointer", DeclaringType.FullName: "System.Runtime.CompilerServices.Unsafe" })
                    return Push(rest, ToNative(taken[0]));
                return Push(rest, TypeMath.InCall(method.ReturnType, method));
            case Code.Calli:
                return Push(rest, ((IMethodSignature)instruction.Operand).ReturnType);
        }

        var pushed = instruction.OpCode.StackBehaviourPush == StackBehaviour.Push0 ? null : Pushed(instruction, taken);
        return pushed is null ? rest.ToArray() : Push(rest, pushed);
    }

    private TypeReference[] Push(ReadOnlySpan<TypeReference> rest, TypeReference type)
    {
        type = TypeMath.WithoutModifiers(type);
        return type.MetadataType == MetadataType.Void ? rest.ToArray() : [.. rest, Normal(type)];
    }

    private TypeReference Pushed(Instruction instruction, ReadOnlySpan<TypeReference> taken)
    {
        var code = instruction.OpCode.Code;
        if (OfVariable(instruction) is { } variable)
            return variable;
        switch (code)
        {
            case Code.Ldnull:
                return Null;
            case Code.Ldstr:
                return _types.String;
            case Code.Newobj:
                return ((MethodReference)instruction.Operand).DeclaringType;
            case Code.Ldfld or Code.Ldsfld:
                return TypeMath.InField((FieldReference)instruction.Operand);
            case Code.Ldflda:
                return FieldAddress(instruction, taken[0]);
            case Code.Ldsflda:
                return new ByReferenceType(TypeMath.InField((FieldReference)instruction.Operand));
            case Code.Ldelema when instruction.Previous is not { } before || !Il.IsPrefix(before) || before.OpCode.Code == Code.Readonly:
                return Address(new Origin(OriginKind.Element, _flow.IndexOf(instruction)), (TypeReference)instruction.Operand);
            case Code.Castclass or Code.Unbox_Any or Code.Ldobj or Code.Ldelem_Any:
                return (TypeReference)instruction.Operand;
            case Code.Isinst:
                return instruction.Operand is TypeReference { IsGenericParameter: false } wanted && Kind(wanted) == StackKind.Object ? wanted : _types.Object;
            case Code.Box:
                return _types.Object;
            case Code.Unbox or Code.Ldelema:
                return new ByReferenceType((TypeReference)instruction.Operand);
            case Code.Newarr:
                return new ArrayType((TypeReference)instruction.Operand);
            case Code.Ldelem_Ref:
                return TypeMath.WithoutModifiers(taken[0]) is ArrayType array ? array.ElementType : _types.Object;
            case Code.Ldind_Ref:
                return TypeMath.WithoutModifiers(taken[0]) is ByReferenceType reference ? reference.ElementType : _types.Object;
            case Code.Ldtoken:
                return Token(instruction.Operand);
            case Code.Conv_I or Code.Conv_U or Code.Conv_Ovf_I or Code.Conv_Ovf_U or Code.Conv_Ovf_I_Un or Code.Conv_Ovf_U_Un:
                return ToNative(taken[0]);
            case Code.Localloc:
                return new PointerType(_types.Void);
            case Code.Ldftn or Code.Ldvirtftn or Code.Ldlen or Code.Ldind_I or Code.Ldelem_I:
                return _types.IntPtr;
            case Code.Add or Code.Sub or Code.Mul or Code.Div or Code.Div_Un or Code.Rem or Code.Rem_Un or Code.And or Code.Or or Code.Xor
                or Code.Add_Ovf or Code.Add_Ovf_Un or Code.Sub_Ovf or Code.Sub_Ovf_Un or Code.Mul_Ovf or Code.Mul_Ovf_Un:
                return Binary(taken[0], taken[1]);
            case Code.Shl or Code.Shr or Code.Shr_Un or Code.Neg or Code.Not:
                return taken[0];
        }

        return instruction.OpCode.StackBehaviourPush switch
        {
            StackBehaviour.Pushi => _types.Int32,
            StackBehaviour.Pushi8 => _types.Int64,
            StackBehaviour.Pushr4 => _types.Single,
            StackBehaviour.Pushr8 => _types.Double,
            _ => throw new PinnedException(PinCode.UnusualCode, $"the instruction {instruction.OpCode.Name}"),
        };
    }

    private TypeReference? OfVariable(Instruction instruction)
    {
        var code = instruction.OpCode.Code;
        if (Il.Local(instruction, _method.Body) is { } local)
            return code is Code.Ldloca or Code.Ldloca_S ? Address(new Origin(OriginKind.Local, local.Index), Unpinned(local.VariableType)) : Unpinned(local.VariableType);
        if (Il.Argument(instruction, _method) is >= 0 and var argument)
        {
            var type = TypeMath.WithoutModifiers(ArgumentType(argument));
            return code is Code.Ldarga or Code.Ldarga_S ? Address(new Origin(OriginKind.Argument, argument), type)
                : type is ByReferenceType reference ? Address(new Origin(OriginKind.Reference, argument), reference.ElementType) : type;
        }

        return null;
    }

    private ByReferenceType FieldAddress(Instruction instruction, TypeReference owner)
    {
        var field = (FieldReference)instruction.Operand;
        var type = TypeMath.InField(field);
        var index = _flow.IndexOf(instruction);
        if (_origins.TryGetValue(owner, out var of))
            return Address(new Origin(OriginKind.Field, index, field, of), type);
        return owner is not ByReferenceType && Kind(owner) == StackKind.Object
            ? Address(new Origin(OriginKind.ObjectField, index, field), type)
            : new ByReferenceType(type);
    }

    // Of an address: a pointer, which must neither be saved nor have what it points at moved.
    private TypeReference ToNative(TypeReference type)
    {
        if (_origins.TryGetValue(type, out var origin))
            _pointedAt.Add(origin.Root);
        return type is PointerType || Kind(type) == StackKind.Reference ? new PointerType(_types.Void) : _types.IntPtr;
    }

    private TypeReference Binary(TypeReference one, TypeReference other)
    {
        var a = Kind(one);
        var b = Kind(other);
        // Not the address it began with, whatever that was: it can not be taken again.
        if (a == StackKind.Reference || b == StackKind.Reference)
            return a == b ? _types.IntPtr : new ByReferenceType(((ByReferenceType)(a == StackKind.Reference ? one : other)).ElementType);
        if (one is PointerType || other is PointerType)
            return new PointerType(_types.Void);
        if (a == StackKind.Native || b == StackKind.Native)
            return _types.IntPtr;
        return a == StackKind.Double || b == StackKind.Double ? _types.Double : one;
    }

    private TypeReference Token(object operand)
    {
        var name = operand switch
        {
            TypeReference => "RuntimeTypeHandle",
            FieldReference => "RuntimeFieldHandle",
            _ => "RuntimeMethodHandle",
        };
        return new TypeReference("System", name, _method.Module, _types.CoreLibrary, valueType: true);
    }

    private TypeReference ArgumentType(int argument)
    {
        if (!_method.HasThis)
            return _method.Parameters[argument].ParameterType;
        if (argument > 0)
            return _method.Parameters[argument - 1].ParameterType;
        var self = TypeMath.Self(_method.DeclaringType);
        return _method.DeclaringType.IsValueType ? new ByReferenceType(self) : self;
    }

    private static TypeReference Unpinned(TypeReference type) => type is PinnedType pinned ? pinned.ElementType : type;

    /// <summary>Small integers and enumerations are what they are on the stack.</summary>
    private TypeReference Normal(TypeReference type)
    {
        type = TypeMath.WithoutModifiers(type);
        if (type == Null || type is GenericParameter or ArrayType or GenericInstanceType)
            return type;
        switch (type.MetadataType)
        {
            case MetadataType.Boolean or MetadataType.Char or MetadataType.SByte or MetadataType.Byte
                or MetadataType.Int16 or MetadataType.UInt16 or MetadataType.Int32 or MetadataType.UInt32:
                return _types.Int32;
            case MetadataType.Int64 or MetadataType.UInt64:
                return _types.Int64;
            case MetadataType.IntPtr or MetadataType.UIntPtr:
                return _types.IntPtr;
        }

        if (type is ByReferenceType or PointerType or FunctionPointerType || type.IsPrimitive || type.MetadataType is MetadataType.String or MetadataType.Object)
            return type;
        var definition = type.Resolve();
        if (definition is { IsEnum: true })
            return Normal(definition.Fields.First(static f => !f.IsStatic).FieldType);
        return type;
    }

    private static StackKind Kind(TypeReference type)
    {
        switch (type)
        {
            case ByReferenceType:
                return StackKind.Reference;
            case PointerType or FunctionPointerType:
                return StackKind.Native;
            case ArrayType:
                return StackKind.Object;
            // May be either; two that are the same have met before they come here.
            case GenericParameter:
                return StackKind.Value;
        }

        if (type == Null)
            return StackKind.Object;
        switch (type.MetadataType)
        {
            case MetadataType.Int32:
                return StackKind.Int32;
            case MetadataType.Int64:
                return StackKind.Int64;
            case MetadataType.IntPtr:
                return StackKind.Native;
            case MetadataType.Single:
                return StackKind.Single;
            case MetadataType.Double:
                return StackKind.Double;
            case MetadataType.String or MetadataType.Object:
                return StackKind.Object;
        }

        var definition = type.Resolve();
        if (definition is null && !type.IsValueType && type is not GenericInstanceType)
            throw new PinnedException(PinCode.Unresolved, $"the type {type.FullName}");
        return (definition?.IsValueType ?? type.IsValueType) ? StackKind.Value : StackKind.Object;
    }
}
