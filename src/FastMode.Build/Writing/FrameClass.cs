using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <summary>The class of a twin's frames: a field for each value that some wait keeps, and the way back in.</summary>
internal sealed class FrameClass
{
    private readonly MethodDefinition _twin;
    private readonly Runtime _runtime;
    private readonly Dictionary<int, FieldDefinition> _arguments = [];
    private readonly Dictionary<VariableDefinition, FieldDefinition> _locals = [];
    private readonly FieldDefinition? _this;
    private readonly TypeReference _self;
    private readonly MethodDefinition _constructor;

    public FrameClass(MethodDefinition twin, Runtime runtime)
    {
        _twin = twin;
        _runtime = runtime;
        var owner = twin.DeclaringType;
        const TypeAttributes Attributes = TypeAttributes.NestedPrivate | TypeAttributes.Sealed | TypeAttributes.Class | TypeAttributes.BeforeFieldInit;
        Definition = new TypeDefinition("", UniqueName(owner, twin.Name), Attributes, runtime.Frame);
        Generics.Copy(owner.GenericParameters.Concat(twin.GenericParameters), Definition, Inside);
        _self = InTwin();
        owner.NestedTypes.Add(Definition);
        _constructor = WriteConstructor();
        if (twin.HasThis)
            _this = AddField("this", TypeMath.Self(owner));
    }

    public TypeDefinition Definition { get; }

    /// <summary>The class as the twin names it.</summary>
    public TypeReference Type => _self;

    public MethodReference Constructor => Generics.On(_constructor, _self);

    public FieldReference This => On(_this!);

    /// <summary>Fields of arguments and locals that keep objects alive.</summary>
    public IEnumerable<FieldReference> Objects => _arguments.Values.Concat(_locals.Values).Where(static f => IsObject(f.FieldType)).Select(On);

    /// <summary>The field that keeps an argument; made on first use. The object, if any, is argument 0 and has its own.</summary>
    public FieldReference Argument(int argument)
    {
        if (!_arguments.TryGetValue(argument, out var field))
        {
            var parameter = _twin.Parameters[argument - (_twin.HasThis ? 1 : 0)];
            _arguments.Add(argument, field = AddField($"a{argument}", parameter.ParameterType));
        }

        return On(field);
    }

    /// <summary>The field that keeps a local; made on first use.</summary>
    public FieldReference Local(VariableDefinition local)
    {
        if (!_locals.TryGetValue(local, out var field))
            _locals.Add(local, field = AddField($"l{local.Index}", TypeMath.IsInterpolation(local.VariableType) ? _runtime.Interpolation : local.VariableType));
        return On(field);
    }

    /// <summary>Writes the way back in, when all fields are known.</summary>
    public void WriteResume()
    {
        var resume = new MethodDefinition("Resume", MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig, _twin.Module.TypeSystem.Void);
        resume.Parameters.Add(new ParameterDefinition("stack", ParameterAttributes.None, _runtime.Stack));
        Definition.Methods.Add(resume);
        resume.Body.InitLocals = true;
        var il = resume.Body.GetILProcessor();
        var hasValue = _twin.ReturnType.MetadataType != MetadataType.Void;
        if (hasValue)
            il.Emit(OpCodes.Ldarg_1);
        if (_this is not null)
            Load(il, _this);
        for (var i = 0; i < _twin.Parameters.Count - 2; i++)
            LoadArgument(il, i);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_0);
        var parameters = Definition.GenericParameters.Cast<TypeReference>().ToList();
        var count = _twin.DeclaringType.GenericParameters.Count;
        var owner = count == 0 ? (TypeReference)_twin.DeclaringType : Instance(_twin.DeclaringType, parameters.Take(count));
        var twin = Generics.On(_twin, owner);
        il.Emit(OpCodes.Call, _twin.HasGenericParameters ? Runtime.Of(twin, parameters.Skip(count)) : twin);
        if (hasValue)
            il.Emit(OpCodes.Callvirt, Runtime.Of(_runtime.Return, TypeMath.WithoutModifiers(TypeMath.Substitute(_twin.ReturnType, Inside))));
        il.Emit(OpCodes.Ret);
    }

    private void LoadArgument(ILProcessor il, int index)
    {
        if (_arguments.TryGetValue(index + (_twin.HasThis ? 1 : 0), out var field))
        {
            Load(il, field);
            return;
        }

        // No wait needs it.
        var unused = new VariableDefinition(TypeMath.Substitute(_twin.Parameters[index].ParameterType, Inside));
        il.Body.Variables.Add(unused);
        il.Emit(OpCodes.Ldloc, unused);
    }

    private void Load(ILProcessor il, FieldDefinition field)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, Definition.HasGenericParameters ? new FieldReference(field.Name, field.FieldType, Instance(Definition, Definition.GenericParameters)) : field);
    }

    /// <summary>A type of the twin as the class, with type parameters of its own, names it.</summary>
    private TypeReference Inside(GenericParameter parameter) =>
        Definition.GenericParameters[parameter.Position + (parameter.Type == GenericParameterType.Method ? _twin.DeclaringType.GenericParameters.Count : 0)];

    private TypeReference InTwin() => Definition.HasGenericParameters
        ? Instance(Definition, _twin.DeclaringType.GenericParameters.Concat(_twin.GenericParameters))
        : Definition;

    private FieldReference On(FieldDefinition field) => Definition.HasGenericParameters ? new FieldReference(field.Name, field.FieldType, _self) : field;

    private FieldDefinition AddField(string name, TypeReference type)
    {
        var field = new FieldDefinition(name, FieldAttributes.Assembly, TypeMath.Substitute(TypeMath.WithoutModifiers(type), Inside));
        Definition.Fields.Add(field);
        return field;
    }

    private MethodDefinition WriteConstructor()
    {
        const MethodAttributes Attributes = MethodAttributes.Assembly | MethodAttributes.HideBySig | MethodAttributes.SpecialName | MethodAttributes.RTSpecialName;
        var constructor = new MethodDefinition(".ctor", Attributes, _twin.Module.TypeSystem.Void);
        var il = constructor.Body.GetILProcessor();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, _runtime.FrameConstructor);
        il.Emit(OpCodes.Ret);
        Definition.Methods.Add(constructor);
        return constructor;
    }

    private static GenericInstanceType Instance(TypeDefinition type, IEnumerable<TypeReference> arguments)
    {
        var instance = new GenericInstanceType(type);
        foreach (var argument in arguments)
            instance.GenericArguments.Add(argument);
        return instance;
    }

    private static bool IsObject(TypeReference type) =>
        type is ArrayType || type.MetadataType is MetadataType.String or MetadataType.Object or MetadataType.Class
        || (type is GenericInstanceType && type.Resolve() is { IsValueType: false });

    private static string UniqueName(TypeDefinition owner, string name)
    {
        for (var number = 1; ; number++)
        {
            var unique = $"<{name}>Frame{number}";
            if (owner.NestedTypes.All(t => t.Name != unique))
                return unique;
        }
    }
}
