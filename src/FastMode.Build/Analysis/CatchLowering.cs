using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Moves the code of catch blocks behind their protected block, where a call in it can be left and entered again.</summary>
/// <remarks>
/// The block itself only keeps the exception and leaves. Behind it the same protected blocks are around the code as before. The
/// method's body is changed while its twin is made, and put back afterwards: <see cref="Undo"/>.
/// </remarks>
internal sealed class CatchLowering
{
    // Of instructions that the method does not have.
    public const int NoOffset = -1;

    private readonly MethodDefinition _method;
    private readonly MethodBody _body;
    private readonly Instruction[] _instructions;
    private readonly (ExceptionHandler Handler, Instruction TryStart, Instruction TryEnd, Instruction HandlerStart, Instruction? HandlerEnd)[] _handlers;
    private readonly int _variables;
    private readonly List<(Instruction Instruction, object Operand)> _operands = [];

    private CatchLowering(MethodDefinition method)
    {
        _method = method;
        _body = method.Body;
        _instructions = [.. _body.Instructions];
        _handlers = [.. _body.ExceptionHandlers.Select(static h => (h, h.TryStart, h.TryEnd, h.HandlerStart, (Instruction?)h.HandlerEnd))];
        _variables = _body.Variables.Count;
    }

    /// <summary>Moves every catch block in which something may wait. Null when there is none.</summary>
    public static CatchLowering? Apply(MethodDefinition method, IReadOnlySet<Instruction> waits)
    {
        CatchLowering? lowering = null;
        while (Find(method, waits) is { } handler)
        {
            lowering ??= new CatchLowering(method);
            lowering.Move(handler);
        }

        return lowering;
    }

    /// <summary>The method is as it was.</summary>
    public void Undo()
    {
        foreach (var (instruction, operand) in _operands.AsEnumerable().Reverse())
            instruction.Operand = operand;
        _body.Instructions.Clear();
        foreach (var instruction in _instructions)
            _body.Instructions.Add(instruction);
        foreach (var (handler, tryStart, tryEnd, handlerStart, handlerEnd) in _handlers)
        {
            handler.TryStart = tryStart;
            handler.TryEnd = tryEnd;
            handler.HandlerStart = handlerStart;
            handler.HandlerEnd = handlerEnd;
        }

        while (_body.Variables.Count > _variables)
            _body.Variables.RemoveAt(_variables);
    }

    private static ExceptionHandler? Find(MethodDefinition method, IReadOnlySet<Instruction> waits)
    {
        var flow = new FlowGraph(method);
        for (var i = 0; i < flow.Instructions.Length; i++)
        {
            if (waits.Contains(flow.Instructions[i]) && flow.HandlerAround(i) is { HandlerType: ExceptionHandlerType.Catch } handler && !IsInOtherHandler(flow, handler))
                return handler;
        }

        return null;
    }

    // Inside of a finally block or a filter nothing is gained; inside of another catch block that one is moved first or stays.
    private static bool IsInOtherHandler(FlowGraph flow, ExceptionHandler handler) =>
        flow.HandlerAround(flow.IndexOf(handler.TryStart)) is { HandlerType: not ExceptionHandlerType.Catch };

    private void Move(ExceptionHandler handler)
    {
        var flow = new FlowGraph(_method);
        var group = flow.Regions.Single(r => r.Handlers.Contains(handler));
        var start = flow.IndexOf(handler.HandlerStart);
        var end = flow.IndexOf(handler.HandlerEnd);
        var behind = group.Handlers.Max(h => flow.IndexOf(h.HandlerEnd));
        var error = new VariableDefinition(handler.CatchType);
        _body.Variables.Add(error);
        var keep = New(OpCodes.Stloc, error);
        var entry = New(OpCodes.Ldloc, error);
        var leave = Instruction.Create(OpCodes.Leave, entry);
        leave.Offset = NoOffset;
        var moved = Moved(flow, handler, start, end, error);

        var all = new List<Instruction>();
        all.AddRange(flow.Instructions[..start]);
        all.AddRange([keep, leave]);
        all.AddRange(flow.Instructions[end..behind]);
        all.Add(entry);
        all.AddRange(moved);
        all.AddRange(flow.Instructions[behind..]);
        MoveBounds(flow, group, start, end, behind, keep, entry);
        handler.HandlerStart = keep;
        _body.Instructions.Clear();
        foreach (var instruction in all)
            _body.Instructions.Add(instruction);
    }

    private List<Instruction> Moved(FlowGraph flow, ExceptionHandler handler, int start, int end, VariableDefinition error)
    {
        var moved = new List<Instruction>();
        for (var i = start; i < end; i++)
        {
            var instruction = flow.Instructions[i];
            if (instruction.OpCode.Code != Code.Rethrow || flow.HandlerAround(i) != handler)
            {
                moved.Add(instruction);
                continue;
            }

            var again = New(OpCodes.Ldloc, error);
            foreach (var other in flow.Instructions)
                Retarget(other, instruction, again);
            moved.AddRange([again, New(OpCodes.Call, ThrowAgain()), New(OpCodes.Ldnull), New(OpCodes.Throw)]);
        }

        return moved;
    }

    private static void MoveBounds(FlowGraph flow, TryRegion group, int start, int end, int behind, Instruction keep, Instruction entry)
    {
        var old = flow.Method.Body.ExceptionHandlers.Select(h => (Handler: h, Start: flow.IndexOf(h.TryStart), TryEnd: flow.IndexOf(h.TryEnd), End: flow.IndexOf(h.HandlerEnd))).ToList();
        var spans = group.Handlers.Select(h => (From: flow.IndexOf(h.FilterStart ?? h.HandlerStart), To: flow.IndexOf(h.HandlerEnd))).Append((From: group.Start, To: group.End)).ToList();
        var last = behind < flow.Instructions.Length ? flow.Instructions[behind] : null;
        foreach (var (other, from, tryEnd, handlerEnd) in old)
        {
            if (tryEnd == start)
                other.TryEnd = keep;
            if (handlerEnd == start)
                other.HandlerEnd = keep;
            var isMoved = from >= start && tryEnd <= end && !group.Handlers.Contains(other);
            if (isMoved)
            {
                if (handlerEnd == end)
                    other.HandlerEnd = last;
            }
            else if (handlerEnd == behind && (group.Handlers.Contains(other) || spans.Any(s => from >= s.From && tryEnd <= s.To)))
            {
                other.HandlerEnd = entry;
            }
        }
    }

    private void Retarget(Instruction instruction, Instruction old, Instruction target)
    {
        if (ReferenceEquals(instruction.Operand, old))
        {
            _operands.Add((instruction, old));
            instruction.Operand = target;
        }
        else if (instruction.Operand is Instruction[] targets && targets.Contains(old))
        {
            _operands.Add((instruction, targets));
            instruction.Operand = Array.ConvertAll(targets, t => t == old ? target : t);
        }
    }

    private MethodReference ThrowAgain()
    {
        var types = _method.Module.TypeSystem;
        var module = _method.Module;
        var info = new TypeReference("System.Runtime.ExceptionServices", "ExceptionDispatchInfo", module, types.CoreLibrary);
        var again = new MethodReference("Throw", types.Void, info);
        again.Parameters.Add(new ParameterDefinition(new TypeReference("System", "Exception", module, types.CoreLibrary)));
        return again;
    }

    private static Instruction New(OpCode code, VariableDefinition local) => Unplaced(Instruction.Create(code, local));

    private static Instruction New(OpCode code, MethodReference method) => Unplaced(Instruction.Create(code, method));

    private static Instruction New(OpCode code) => Unplaced(Instruction.Create(code));

    private static Instruction Unplaced(Instruction instruction)
    {
        instruction.Offset = NoOffset;
        return instruction;
    }
}
