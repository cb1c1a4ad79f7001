using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Reads instructions in whatever form the compiler chose.</summary>
internal static class Il
{
    /// <summary>The local that the instruction loads, stores or takes the address of; null when none.</summary>
    public static VariableDefinition? Local(Instruction instruction, MethodBody body) => instruction.OpCode.Code switch
    {
        Code.Ldloc_0 or Code.Stloc_0 => body.Variables[0],
        Code.Ldloc_1 or Code.Stloc_1 => body.Variables[1],
        Code.Ldloc_2 or Code.Stloc_2 => body.Variables[2],
        Code.Ldloc_3 or Code.Stloc_3 => body.Variables[3],
        Code.Ldloc or Code.Ldloc_S or Code.Stloc or Code.Stloc_S or Code.Ldloca or Code.Ldloca_S => (VariableDefinition)instruction.Operand,
        _ => null,
    };

    /// <summary>Number of the argument that the instruction loads, stores or takes the address of, the object first; -1 when none.</summary>
    public static int Argument(Instruction instruction, MethodDefinition method)
    {
        switch (instruction.OpCode.Code)
        {
            case Code.Ldarg_0:
                return 0;
            case Code.Ldarg_1:
                return 1;
            case Code.Ldarg_2:
                return 2;
            case Code.Ldarg_3:
                return 3;
            case Code.Ldarg or Code.Ldarg_S or Code.Ldarga or Code.Ldarga_S or Code.Starg or Code.Starg_S:
                var parameter = (ParameterDefinition)instruction.Operand;
                return parameter == method.Body.ThisParameter ? 0 : parameter.Index + (method.HasThis ? 1 : 0);
            default:
                return -1;
        }
    }

    public static bool Stores(Instruction instruction) => instruction.OpCode.Code
        is Code.Stloc or Code.Stloc_S or Code.Stloc_0 or Code.Stloc_1 or Code.Stloc_2 or Code.Stloc_3 or Code.Starg or Code.Starg_S;

    /// <summary>How many values the instruction takes off the stack; -1: all.</summary>
    public static int Pops(Instruction instruction, MethodDefinition method)
    {
        switch (instruction.OpCode.Code)
        {
            case Code.Call or Code.Callvirt or Code.Calli:
                var call = (IMethodSignature)instruction.Operand;
                return call.Parameters.Count + (call.HasThis && !call.ExplicitThis ? 1 : 0) + (instruction.OpCode.Code == Code.Calli ? 1 : 0);
            case Code.Newobj:
                return ((IMethodSignature)instruction.Operand).Parameters.Count;
            case Code.Ret:
                return method.ReturnType.MetadataType == MetadataType.Void ? 0 : 1;
        }

        return instruction.OpCode.StackBehaviourPop switch
        {
            StackBehaviour.Pop0 => 0,
            StackBehaviour.Pop1 or StackBehaviour.Popi or StackBehaviour.Popref => 1,
            StackBehaviour.Pop1_pop1 or StackBehaviour.Popi_pop1 or StackBehaviour.Popi_popi or StackBehaviour.Popi_popi8
                or StackBehaviour.Popi_popr4 or StackBehaviour.Popi_popr8 or StackBehaviour.Popref_pop1 or StackBehaviour.Popref_popi => 2,
            StackBehaviour.Popi_popi_popi or StackBehaviour.Popref_popi_popi or StackBehaviour.Popref_popi_popi8
                or StackBehaviour.Popref_popi_popr4 or StackBehaviour.Popref_popi_popr8 or StackBehaviour.Popref_popi_popref => 3,
            StackBehaviour.PopAll => -1,
            _ => throw new PinnedException(PinCode.NotUnderstood, $"the instruction {instruction.OpCode.Name}"),
        };
    }

    /// <summary>How many values the instruction puts on the stack.</summary>
    public static int Pushes(Instruction instruction) => instruction.OpCode.StackBehaviourPush switch
    {
        StackBehaviour.Push0 => 0,
        StackBehaviour.Push1_push1 => 2,
        StackBehaviour.Varpush => ((IMethodSignature)instruction.Operand).ReturnType.MetadataType == MetadataType.Void ? 0 : 1,
        _ => 1,
    };

    /// <summary>The type that a call is constrained to; null when it is not.</summary>
    public static TypeReference? Constraint(Instruction call) => call.Previous is { OpCode.Code: Code.Constrained } prefix ? (TypeReference)prefix.Operand : null;

    public static bool IsPrefix(Instruction instruction) => instruction.OpCode.OpCodeType == OpCodeType.Prefix;

    /// <summary>Where control may go next inside of the same block of exception handling, or by a leave.</summary>
    public static IEnumerable<Instruction> Successors(Instruction instruction)
    {
        switch (instruction.OpCode.FlowControl)
        {
            case FlowControl.Branch:
                yield return (Instruction)instruction.Operand;
                break;
            case FlowControl.Cond_Branch:
                if (instruction.Operand is Instruction[] targets)
                {
                    foreach (var target in targets)
                        yield return target;
                }
                else
                {
                    yield return (Instruction)instruction.Operand;
                }

                if (instruction.Next is { } next)
                    yield return next;
                break;
            case FlowControl.Return or FlowControl.Throw:
                break;
            default:
                if (instruction.Next is { } following)
                    yield return following;
                break;
        }
    }
}
