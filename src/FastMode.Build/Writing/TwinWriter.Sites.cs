using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <content>A call that may wait.</content>
internal sealed partial class TwinWriter
{
    private void WriteSite(CallSite site)
    {
        _temps.Begin();
        var needsArguments = site.Below.Count > 0 || Enumerable.Range(0, site.Arguments.Count).Any(site.PassesRef) || site.Kind is SiteKind.New or SiteKind.Virtual or SiteKind.Constrained or SiteKind.Delegate or SiteKind.Iterator or SiteKind.Pair;
        var arguments = needsArguments ? site.Arguments.Select(_temps.Take).ToList() : [];
        var below = site.Below.Select((type, i) => site.BelowOrigins[i] is null ? _temps.Take(type) : null).ToList();
        TakeFromStack([.. below, .. arguments]);
        var result = site.ReturnsNothing ? null : _temps.Take(site.ReturnType);
        var made = site.Kind == SiteKind.New ? _temps.Take(site.Callee.DeclaringType) : null;
        var after = Instruction.Create(OpCodes.Nop);
        WriteCall(site, arguments, made ?? result, after);
        if (result is not null)
            Emit(OpCodes.Stloc, result);
        Emit(OpCodes.Ldarg, StackArgument);
        Emit(OpCodes.Ldfld, _runtime.Suspending);
        Emit(OpCodes.Brfalse, after);
        WriteSuspend(site, [.. below.Append(made).OfType<VariableDefinition>()]);
        WriteResume(site, result);
        _new.Add(after);
        PutBack(site, below);
        if ((made ?? result) is { } value)
            Emit(OpCodes.Ldloc, value);
    }

    /// <summary>The call; its value is on the stack, or in the local where the plain form goes on by itself.</summary>
    private void WriteCall(CallSite site, List<VariableDefinition> arguments, VariableDefinition? result, Instruction after)
    {
        switch (site.Kind)
        {
            case SiteKind.Primitive or SiteKind.Enumeration:
                Load(arguments);
                Emit(OpCodes.Ldarg, StackArgument);
                Emit(OpCodes.Call, Instance(_runtime.Import(site.Primitive!), site.Callee));
                break;
            case SiteKind.Direct:
                LoadForTwin(site, arguments);
                Emit(OpCodes.Ldarg, StackArgument);
                Emit(OpCodes.Ldnull);
                Emit(_twins.TwinOf(site.Target)!.HasThis ? _old[site.Index].OpCode : OpCodes.Call, Generics.As(_twins.TwinOf(site.Target)!, site.Callee, _module));
                break;
            case SiteKind.New:
                WriteNew(site, arguments, result!);
                break;
            case SiteKind.Pair:
                WritePair(site, arguments, result, after);
                break;
            case SiteKind.Virtual:
                WriteVirtual(site, arguments, result, after);
                break;
            case SiteKind.Constrained:
                WriteConstrained(site, arguments, result, after);
                break;
            case SiteKind.Delegate:
                WriteDelegate(site, arguments, result, after);
                break;
            case SiteKind.Iterator:
                WriteIterator(site, arguments, result, after);
                break;
        }
    }

    /// <summary>What lies on the stack goes to locals; null for an address, which is taken again.</summary>
    private void TakeFromStack(IEnumerable<VariableDefinition?> temps)
    {
        foreach (var temp in temps.Reverse())
        {
            if (temp is null)
                Emit(OpCodes.Pop);
            else
                Emit(OpCodes.Stloc, temp);
        }
    }

    private void PutBack(CallSite site, List<VariableDefinition?> below)
    {
        for (var i = 0; i < below.Count; i++)
        {
            if (below[i] is { } temp)
                Emit(OpCodes.Ldloc, temp);
            else
                WriteAddress(site.BelowOrigins[i]!);
        }
    }

    private void WriteSuspend(CallSite site, List<VariableDefinition> below)
    {
        var kept = site.LiveLocals.Select(l => _body.Variables[l.Index]).Where(l => !_variables.ContainsKey(l)).Concat(Objects).Concat(OwnersOf(site)).Concat(below).ToList();
        _kept.Add(site, kept);
        var has = Instruction.Create(OpCodes.Nop);
        // A frame that was entered is used again: nobody else knows it any more.
        Emit(OpCodes.Ldloc, _frameLocal!);
        Emit(OpCodes.Brtrue, has);
        Emit(OpCodes.Newobj, _frame!.Constructor);
        Emit(OpCodes.Stloc, _frameLocal!);
        _new.Add(has);
        if (_twin.HasThis)
        {
            Emit(OpCodes.Ldloc, _frameLocal!);
            Emit(OpCodes.Ldarg, _body.ThisParameter);
            Emit(OpCodes.Stfld, _frame.This);
        }

        foreach (var argument in site.LiveArguments.Where(a => !_argumentVariables.ContainsKey(a)))
        {
            Emit(OpCodes.Ldloc, _frameLocal!);
            Emit(OpCodes.Ldarg, _twin.Parameters[argument - (_twin.HasThis ? 1 : 0)]);
            Emit(OpCodes.Stfld, _frame.Argument(argument));
        }

        foreach (var local in kept)
        {
            Emit(OpCodes.Ldloc, _frameLocal!);
            WriteSaved(local);
            Emit(OpCodes.Stfld, _frame.Local(local));
        }

        _clears.Add((_new.Count, site, kept));
        Emit(OpCodes.Ldloc, _frameLocal!);
        Emit(OpCodes.Ldc_I4, _plan.Active.TakeWhile(s => s != site).Count());
        Emit(OpCodes.Stfld, _runtime.State);
        Emit(OpCodes.Ldarg, StackArgument);
        Emit(OpCodes.Ldloc, _frameLocal!);
        Emit(OpCodes.Call, _runtime.Push);
        if (_flow.Around(site.Index).Any())
        {
            Emit(OpCodes.Leave, _leave);
            return;
        }

        if (ReturnsValue)
            Emit(OpCodes.Ldloc, _default!);
        Emit(OpCodes.Ret);
    }

    private void WriteResume(CallSite site, VariableDefinition? result)
    {
        _new.Add(_resume[site]);
        if (_flow.Around(site.Index).Any())
        {
            Emit(OpCodes.Ldc_I4_0);
            Emit(OpCodes.Stloc, _state!);
        }

        Emit(OpCodes.Ldarg, StackArgument);
        if (result is null)
        {
            Emit(OpCodes.Call, _runtime.Check);
            return;
        }

        Emit(OpCodes.Call, Runtime.Of(_runtime.Take, site.ReturnType));
        Emit(OpCodes.Stloc, result);
    }

    private void WritePair(CallSite site, List<VariableDefinition> arguments, VariableDefinition? result, Instruction after)
    {
        var pair = site.Primitive!;
        var plain = Instruction.Create(OpCodes.Nop);
        var check = Instruction.Create(OpCodes.Nop);
        Emit(OpCodes.Ldarg, StackArgument);
        Emit(OpCodes.Call, _runtime.MayWait);
        Emit(OpCodes.Brfalse, plain);
        Load(arguments);
        var hasToken = pair.Parameters.Count > site.Target.Parameters.Count;
        if (hasToken)
        {
            Emit(OpCodes.Ldarg, StackArgument);
            Emit(OpCodes.Call, _runtime.BeginCall);
        }

        Emit(_old[site.Index].OpCode, Generics.As(pair, site.Callee, _module));
        if (pair.ReturnType.GetElementType().Name.StartsWith("ValueTask", StringComparison.Ordinal))
            Emit(OpCodes.Call, site.ReturnsNothing ? _runtime.AsTask : Runtime.Of(_runtime.AsTaskOfValue, site.ReturnType));
        var (nothing, value) = pair.Module.Assembly.Name.Name == Names.Core ? (_runtime.AwaitOwn, _runtime.AwaitOwnValue)
            : hasToken || PairTable.IsKnown(site.Target) ? (_runtime.AwaitCall, _runtime.AwaitCallValue)
            : (_runtime.Await, _runtime.AwaitValue);
        Emit(OpCodes.Ldarg, StackArgument);
        Emit(OpCodes.Call, site.ReturnsNothing ? nothing : Runtime.Of(value, site.ReturnType));
        Emit(OpCodes.Br, check);
        WritePlain(site, arguments, result, plain, after);
        _new.Add(check);
    }

    private void WriteVirtual(CallSite site, List<VariableDefinition> arguments, VariableDefinition? result, Instruction after)
    {
        var plain = Instruction.Create(OpCodes.Nop);
        var check = Instruction.Create(OpCodes.Nop);
        var twin = _twins.TwinOf(site.Target)!;
        Emit(OpCodes.Ldsfld, _guards.FieldOf(site.Target, twin));
        Emit(OpCodes.Ldloc, arguments[0]);
        Emit(OpCodes.Call, _runtime.Allows);
        Emit(OpCodes.Brfalse, plain);
        LoadForTwin(site, arguments);
        Emit(OpCodes.Ldarg, StackArgument);
        Emit(OpCodes.Ldnull);
        Emit(OpCodes.Callvirt, Generics.As(twin, site.Callee, _module));
        Emit(OpCodes.Br, check);
        WritePlain(site, arguments, result, plain, after);
        _new.Add(check);
    }

    /// <summary>The call as the method makes it; it has ended when it returns.</summary>
    private void WritePlain(CallSite site, List<VariableDefinition> arguments, VariableDefinition? result, Instruction label, Instruction after)
    {
        _new.Add(label);
        if (_pinsPlainCall(site))
        {
            Emit(OpCodes.Ldarg, StackArgument);
            Emit(OpCodes.Call, _runtime.PinThread);
        }

        Load(arguments);
        if (site.Kind == SiteKind.Constrained)
            Emit(OpCodes.Constrained, ((ByReferenceType)site.Arguments[0]).ElementType);
        Emit(_old[site.Index].OpCode, site.Callee);
        if (result is not null)
            Emit(OpCodes.Stloc, result);
        Emit(OpCodes.Br, after);
    }

    /// <summary>The primitive with the type arguments of the type whose method it stands for.</summary>
    private static MethodReference Instance(MethodReference primitive, MethodReference callee)
    {
        if (!primitive.HasGenericParameters)
            return primitive;
        var arguments = callee is GenericInstanceMethod method ? method.GenericArguments : ((GenericInstanceType)callee.DeclaringType).GenericArguments;
        return Runtime.Of(primitive, arguments);
    }

    private void Load(IEnumerable<VariableDefinition> locals)
    {
        foreach (var local in locals)
            Emit(OpCodes.Ldloc, local);
    }
}
