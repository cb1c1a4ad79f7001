using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <content>What is passed by reference: locals that become objects, and addresses that are taken again after a wait.</content>
internal sealed partial class TwinWriter
{
    private readonly Dictionary<VariableDefinition, VariableDefinition> _variables = [];
    private readonly Dictionary<int, VariableDefinition> _argumentVariables = [];
    private readonly Dictionary<int, (VariableDefinition Owner, VariableDefinition? Index)> _owners = [];
    private readonly Dictionary<VariableDefinition, VariableDefinition> _values = [];

    private int FirstParameter => _twin.HasThis ? 1 : 0;

    /// <summary>Locals and parameters that live in objects of their own.</summary>
    private IEnumerable<VariableDefinition> Objects => _variables.Values.Concat(_argumentVariables.Values);

    /// <summary>What has to become an object, and of which objects parts are referred to across a wait.</summary>
    private void FindPlaces()
    {
        foreach (var site in _plan.Active)
        {
            for (var i = 0; i < site.Arguments.Count; i++)
            {
                if (site.PassesRef(i))
                    MakeObject(site.ArgumentOrigins[i]!.Root);
            }

            foreach (var origin in site.BelowOrigins.OfType<Origin>().Select(static o => o.Root))
                KeepOwner(origin);
        }
    }

    private void MakeObject(Origin root)
    {
        if (root.Kind == OriginKind.Local && _body.Variables[root.Number] is var local)
            _variables.TryAdd(local, AddLocal(_runtime.VariableOf(local.VariableType)));
        else if (root.Kind == OriginKind.Argument)
            _argumentVariables.TryAdd(root.Number, AddLocal(_runtime.VariableOf(TypeOfArgument(root.Number))));
        else
            KeepOwner(root);
    }

    private void KeepOwner(Origin root)
    {
        if (root.Kind is not (OriginKind.ObjectField or OriginKind.Element) || _owners.ContainsKey(root.Number))
            return;
        _owners.Add(root.Number, root.Kind == OriginKind.ObjectField
            ? (AddLocal(_module.TypeSystem.Object), null)
            : (AddLocal(new ArrayType((TypeReference)_old[root.Number].Operand)), AddLocal(_module.TypeSystem.IntPtr)));
    }

    private IEnumerable<VariableDefinition> OwnersOf(CallSite site) => site.BelowOrigins.OfType<Origin>().Select(static o => o.Root.Number)
        .Where((_, i) => site.BelowOrigins.OfType<Origin>().ElementAt(i).Root.Kind is OriginKind.ObjectField or OriginKind.Element)
        .Distinct().Select(n => _owners[n])
        .SelectMany(static o => o.Index is null ? new[] { o.Owner } : [o.Owner, o.Index]);

    private TypeReference TypeOfArgument(int argument) => TypeMath.WithoutModifiers(_twin.Parameters[argument - FirstParameter].ParameterType);

    /// <summary>The objects are made before anything else runs.</summary>
    private void WriteVariables()
    {
        foreach (var (local, variable) in _variables)
            New(local.VariableType, variable);
        foreach (var (argument, variable) in _argumentVariables)
        {
            New(TypeOfArgument(argument), variable);
            Emit(OpCodes.Ldloc, variable);
            Emit(OpCodes.Ldarg, _twin.Parameters[argument - FirstParameter]);
            Emit(OpCodes.Stfld, _runtime.ValueOf(TypeOfArgument(argument)));
        }

        void New(TypeReference type, VariableDefinition variable)
        {
            Emit(OpCodes.Newobj, _runtime.NewVariable(type));
            Emit(OpCodes.Stloc, variable);
        }
    }

    /// <summary>An instruction that is no call that may wait.</summary>
    private void WriteOther(int index)
    {
        var instruction = _old[index];
        switch (instruction.OpCode.Code)
        {
            case Code.Ldloc or Code.Stloc or Code.Ldloca when _variables.TryGetValue((VariableDefinition)instruction.Operand, out var variable):
                WriteAccess(instruction.OpCode.Code, ((VariableDefinition)instruction.Operand).VariableType, variable);
                break;
            case Code.Ldarg or Code.Starg or Code.Ldarga when _argumentVariables.TryGetValue(NumberOf(instruction), out var variable):
                WriteAccess(instruction.OpCode.Code, TypeOfArgument(NumberOf(instruction)), variable);
                break;
            case Code.Ldarg when ReferredBy(NumberOf(instruction)) is { } referred:
                _new.Add(instruction);
                Emit(OpCodes.Callvirt, _runtime.PlaceOf(referred));
                break;
            case Code.Ldflda when _owners.TryGetValue(index, out var owner):
                Emit(OpCodes.Dup);
                Emit(OpCodes.Stloc, owner.Owner);
                _new.Add(instruction);
                break;
            case Code.Ldelema when _owners.TryGetValue(index, out var owner):
                Emit(OpCodes.Conv_I);
                Emit(OpCodes.Stloc, owner.Index!);
                Emit(OpCodes.Stloc, owner.Owner);
                Emit(OpCodes.Ldloc, owner.Owner);
                Emit(OpCodes.Ldloc, owner.Index!);
                WriteElementAddress(index);
                break;
            case Code.Constrained when _active.ContainsKey(index + 1):
            case Code.Readonly when _owners.ContainsKey(index + 1):
                // Written with what it belongs to.
                break;
            case Code.Tail when _plan.Replaced.ContainsKey(index + 1):
                // What takes the call's place takes the stack as well, and the prefix must stand right before a call. It is no more than a wish.
                break;
            default:
                _new.Add(instruction);
                break;
        }
    }

    private void WriteAccess(Code code, TypeReference type, VariableDefinition variable)
    {
        if (code is Code.Stloc or Code.Starg)
        {
            if (!_values.TryGetValue(variable, out var value))
                _values.Add(variable, value = AddLocal(type));
            Emit(OpCodes.Stloc, value);
            Emit(OpCodes.Ldloc, variable);
            Emit(OpCodes.Ldloc, value);
            Emit(OpCodes.Stfld, _runtime.ValueOf(type));
            return;
        }

        Emit(OpCodes.Ldloc, variable);
        Emit(code is Code.Ldloca or Code.Ldarga ? OpCodes.Ldflda : OpCodes.Ldfld, _runtime.ValueOf(type));
    }

    /// <summary>Number of the argument, the object first, as the method counts; -1 for the object of a class.</summary>
    private int NumberOf(Instruction instruction) =>
        instruction.Operand is ParameterDefinition parameter && parameter != _body.ThisParameter ? parameter.Index + FirstParameter : -1;

    /// <summary>The type that a parameter refers to; null when it is passed by value.</summary>
    private TypeReference? ReferredBy(int argument)
    {
        if (argument < 0)
            return null;
        var method = _plan.Method;
        if (method.HasThis && argument == 0)
            return TypeMath.Self(method.DeclaringType);
        return TypeMath.WithoutModifiers(method.Parameters[argument - (method.HasThis ? 1 : 0)].ParameterType) is ByReferenceType reference ? reference.ElementType : null;
    }

    /// <summary>Takes an address again.</summary>
    private void WriteAddress(Origin origin)
    {
        switch (origin.Kind)
        {
            case OriginKind.Local when _variables.TryGetValue(_body.Variables[origin.Number], out var variable):
                WriteAccess(Code.Ldloca, _body.Variables[origin.Number].VariableType, variable);
                break;
            case OriginKind.Local:
                Emit(OpCodes.Ldloca, _body.Variables[origin.Number]);
                break;
            case OriginKind.Argument when _argumentVariables.TryGetValue(origin.Number, out var variable):
                WriteAccess(Code.Ldarga, TypeOfArgument(origin.Number), variable);
                break;
            case OriginKind.Argument:
                Emit(OpCodes.Ldarga, _twin.Parameters[origin.Number - FirstParameter]);
                break;
            case OriginKind.Reference:
                Emit(OpCodes.Ldarg, _twin.Parameters[origin.Number - FirstParameter]);
                Emit(OpCodes.Callvirt, _runtime.PlaceOf(ReferredBy(origin.Number)!));
                break;
            case OriginKind.ObjectField:
                Emit(OpCodes.Ldloc, _owners[origin.Number].Owner);
                Emit(OpCodes.Ldflda, origin.Field!);
                break;
            case OriginKind.Element:
                Emit(OpCodes.Ldloc, _owners[origin.Number].Owner);
                Emit(OpCodes.Ldloc, _owners[origin.Number].Index!);
                WriteElementAddress(origin.Number);
                break;
            case OriginKind.Field:
                WriteAddress(origin.Of!);
                Emit(OpCodes.Ldflda, origin.Field!);
                break;
        }
    }

    private void WriteElementAddress(int index)
    {
        if (index > 0 && _old[index - 1].OpCode.Code == Code.Readonly)
            Emit(OpCodes.Readonly);
        Emit(OpCodes.Ldelema, (TypeReference)_old[index].Operand);
    }

    /// <summary>Arguments for a twin: what is passed by reference as an object.</summary>
    private void LoadForTwin(CallSite site, List<VariableDefinition> arguments, int first = 0)
    {
        for (var i = first; i < arguments.Count; i++)
        {
            if (site.PassesRef(i))
                WriteRef(site.ArgumentOrigins[i]!, ((ByReferenceType)site.Arguments[i]).ElementType, arguments[i]);
            else
                Emit(OpCodes.Ldloc, arguments[i]);
        }
    }

    private void WriteRef(Origin origin, TypeReference type, VariableDefinition address)
    {
        WriteOwner(origin.Root);
        if (origin.Kind is OriginKind.Local or OriginKind.Argument or OriginKind.Reference)
            return;
        if (origin.Root.Kind == OriginKind.Reference)
            Emit(OpCodes.Callvirt, _runtime.OwnerOf(ReferredBy(origin.Root.Number)!));
        Emit(OpCodes.Ldloc, address);
        Emit(OpCodes.Call, _runtime.RefAt(type));
    }

    private void WriteOwner(Origin root)
    {
        switch (root.Kind)
        {
            case OriginKind.Local:
                Emit(OpCodes.Ldloc, _variables[_body.Variables[root.Number]]);
                break;
            case OriginKind.Argument:
                Emit(OpCodes.Ldloc, _argumentVariables[root.Number]);
                break;
            case OriginKind.Reference:
                Emit(OpCodes.Ldarg, _twin.Parameters[root.Number - FirstParameter]);
                break;
            default:
                Emit(OpCodes.Ldloc, _owners[root.Number].Owner);
                break;
        }
    }
}
