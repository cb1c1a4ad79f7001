using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <content>A finally block is entered as plain code by whatever leaves its protected block, and told where to go on behind it.</content>
internal sealed partial class Lowering
{
    // Its exception, else the number of a way out.
    private const int Threw = 0;

    /// <summary>Whether the handler is a finally or fault block of the shape that compilers write, in code whose every exception is an Exception.</summary>
    private static bool CanOpen(FlowGraph flow, ExceptionHandler handler) =>
        handler.HandlerType is ExceptionHandlerType.Finally or ExceptionHandlerType.Fault
        && handler.TryEnd == handler.HandlerStart
        && flow.Regions.Single(r => r.Handlers.Contains(handler)).Handlers.Count == 1
        && WrapsExceptions(flow.Method.Module.Assembly);

    private static bool WrapsExceptions(AssemblyDefinition assembly) => assembly.CustomAttributes.Any(static a =>
        a.AttributeType.FullName == "System.Runtime.CompilerServices.RuntimeCompatibilityAttribute"
        && a.Properties.Any(static p => p.Name == "WrapNonExceptionThrows" && p.Argument.Value is true));

    private void OpenFinally(ExceptionHandler handler)
    {
        var flow = new FlowGraph(_method);
        var begin = flow.IndexOf(handler.TryStart);
        var start = flow.IndexOf(handler.HandlerStart);
        var end = flow.IndexOf(handler.HandlerEnd);
        var first = handler.HandlerStart;
        var error = AddLocal(ExceptionType());
        var way = AddLocal(_method.Module.TypeSystem.Int32);
        var tail = New(OpCodes.Ldloc, way);
        foreach (var instruction in flow.Instructions[start..end].Where(i => i.OpCode.Code == Code.Endfinally && flow.HandlerAround(flow.IndexOf(i)) == handler).ToList())
            Change(instruction, OpCodes.Br, tail);

        var all = flow.Instructions[..begin].ToList();
        var targets = new List<Instruction>();
        for (var i = begin; i < start; i++)
        {
            var instruction = flow.Instructions[i];
            all.Add(instruction);
            if (handler.HandlerType == ExceptionHandlerType.Finally && instruction.OpCode.Code is Code.Leave or Code.Leave_S && flow.IndexOf((Instruction)instruction.Operand) is var to && (to < begin || to >= start))
                all.AddRange(Leaving(instruction, targets, way, first));
        }

        var keep = New(OpCodes.Stloc, error);
        all.AddRange([keep, New(OpCodes.Ldc_I4, Threw), New(OpCodes.Stloc, way), New(OpCodes.Leave, first)]);
        all.AddRange(flow.Instructions[start..end]);
        all.AddRange(Behind(tail, targets, error));
        all.AddRange(flow.Instructions[end..]);
        MoveEnds(flow, handler, start, end, keep, tail);
        (handler.HandlerType, handler.CatchType, handler.TryEnd, handler.HandlerStart, handler.HandlerEnd) = (ExceptionHandlerType.Catch, ExceptionType(), keep, keep, first);
        Replace(all);
    }

    /// <summary>A leave goes through the block. The instruction itself stays, with another meaning: what jumps to it leaves, too.</summary>
    private Instruction[] Leaving(Instruction leave, List<Instruction> targets, VariableDefinition way, Instruction first)
    {
        var target = (Instruction)leave.Operand;
        var number = targets.IndexOf(target);
        if (number < 0)
        {
            number = targets.Count;
            targets.Add(target);
        }

        Change(leave, OpCodes.Ldc_I4, number + 1);
        return [New(OpCodes.Stloc, way), New(OpCodes.Leave, first)];
    }

    private List<Instruction> Behind(Instruction tail, List<Instruction> targets, VariableDefinition error)
    {
        var ways = targets.ConvertAll(static t => New(OpCodes.Leave, t));
        var throws = New(OpCodes.Ldloc, error);
        var choose = Unplaced(Instruction.Create(OpCodes.Switch, [throws, .. ways]));
        return [tail, choose, throws, New(OpCodes.Call, ThrowAgain()), New(OpCodes.Ldnull), New(OpCodes.Throw), .. ways];
    }

    /// <summary>Blocks end where they did: those of the protected block in front of its handler, those of the finally block in front of what was added.</summary>
    private static void MoveEnds(FlowGraph flow, ExceptionHandler handler, int start, int end, Instruction keep, Instruction tail)
    {
        var first = flow.Instructions[start];
        foreach (var other in flow.Method.Body.ExceptionHandlers.Where(h => h != handler))
        {
            var (tryStart, tryEnd) = (flow.IndexOf(other.TryStart), flow.IndexOf(other.TryEnd));
            var (from, to) = (flow.IndexOf(other.HandlerStart), flow.IndexOf(other.HandlerEnd));
            if (other.TryEnd == first)
                other.TryEnd = keep;
            else if (tryEnd == end && tryStart >= start && tryStart < end)
                other.TryEnd = tail;
            if (other.HandlerEnd == first)
                other.HandlerEnd = keep;
            else if (to == end && from >= start && from < end)
                other.HandlerEnd = tail;
        }
    }
}
