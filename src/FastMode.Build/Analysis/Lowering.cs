using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Takes the code of handlers out of them, to where a call in it can be left and entered again.</summary>
/// <remarks>
/// Where the code stands then the same protected blocks are around it as before. The method's body is changed while its twin is made,
/// and put back afterwards: <see cref="Undo"/>.
/// </remarks>
internal sealed partial class Lowering
{
    // Of instructions that the method does not have.
    public const int NoOffset = -1;

    private readonly MethodDefinition _method;
    private readonly MethodBody _body;
    private readonly Instruction[] _instructions;
    private readonly Action[] _handlers;
    private readonly int _variables;
    private readonly List<(Instruction Instruction, OpCode Code, object Operand)> _changed = [];

    private Lowering(MethodDefinition method)
    {
        _method = method;
        _body = method.Body;
        _instructions = [.. _body.Instructions];
        _handlers = [.. _body.ExceptionHandlers.Select(Restore)];
        _variables = _body.Variables.Count;
    }

    /// <summary>Lowers every handler in which something may wait. Null when there is none.</summary>
    public static Lowering? Apply(MethodDefinition method, IReadOnlySet<Instruction> waits)
    {
        Lowering? lowering = null;
        while (Find(method, waits) is { } handler)
        {
            lowering ??= new Lowering(method);
            if (handler.HandlerType == ExceptionHandlerType.Catch)
                lowering.MoveCatch(handler);
            else
                lowering.OpenFinally(handler);
        }

        return lowering;
    }

    /// <summary>The method is as it was.</summary>
    public void Undo()
    {
        foreach (var (instruction, code, operand) in _changed.AsEnumerable().Reverse())
        {
            instruction.OpCode = code;
            instruction.Operand = operand;
        }

        _body.Instructions.Clear();
        foreach (var instruction in _instructions)
            _body.Instructions.Add(instruction);
        foreach (var restore in _handlers)
            restore();
        while (_body.Variables.Count > _variables)
            _body.Variables.RemoveAt(_variables);
    }

    /// <summary>Inside of a filter nothing is gained; of handlers inside of each other the inner is the first, but a finally block comes before the catch blocks in it.</summary>
    private static ExceptionHandler? Find(MethodDefinition method, IReadOnlySet<Instruction> waits)
    {
        var flow = new FlowGraph(method);
        for (var i = 0; i < flow.Instructions.Length; i++)
        {
            if (!waits.Contains(flow.Instructions[i]) || flow.HandlerAround(i) is not { } handler)
                continue;
            if (handler.HandlerType == ExceptionHandlerType.Catch)
            {
                switch (flow.HandlerAround(flow.IndexOf(handler.TryStart)))
                {
                    case null or { HandlerType: ExceptionHandlerType.Catch }:
                        return handler;
                    case var outer:
                        handler = outer;
                        break;
                }
            }

            if (CanOpen(flow, handler))
                return handler;
        }

        return null;
    }

    private static Action Restore(ExceptionHandler handler)
    {
        var (type, caught, tryStart, tryEnd, start, end) = (handler.HandlerType, handler.CatchType, handler.TryStart, handler.TryEnd, handler.HandlerStart, handler.HandlerEnd);
        return () => (handler.HandlerType, handler.CatchType, handler.TryStart, handler.TryEnd, handler.HandlerStart, handler.HandlerEnd) = (type, caught, tryStart, tryEnd, start, end);
    }

    private void Change(Instruction instruction, OpCode code, object operand)
    {
        _changed.Add((instruction, instruction.OpCode, instruction.Operand));
        instruction.OpCode = code;
        instruction.Operand = operand;
    }

    private void Retarget(Instruction instruction, Instruction old, Instruction target)
    {
        if (ReferenceEquals(instruction.Operand, old))
            Change(instruction, instruction.OpCode, target);
        else if (instruction.Operand is Instruction[] targets && targets.Contains(old))
            Change(instruction, instruction.OpCode, Array.ConvertAll(targets, t => t == old ? target : t));
    }

    private VariableDefinition AddLocal(TypeReference type)
    {
        var local = new VariableDefinition(type);
        _body.Variables.Add(local);
        return local;
    }

    private void Replace(List<Instruction> instructions)
    {
        _body.Instructions.Clear();
        foreach (var instruction in instructions)
            _body.Instructions.Add(instruction);
    }

    private TypeReference ExceptionType() => new("System", "Exception", _method.Module, _method.Module.TypeSystem.CoreLibrary);

    private MethodReference ThrowAgain()
    {
        var types = _method.Module.TypeSystem;
        var info = new TypeReference("System.Runtime.ExceptionServices", "ExceptionDispatchInfo", _method.Module, types.CoreLibrary);
        var again = new MethodReference("Throw", types.Void, info);
        again.Parameters.Add(new ParameterDefinition(ExceptionType()));
        return again;
    }

    private static Instruction New(OpCode code, VariableDefinition local) => Unplaced(Instruction.Create(code, local));

    private static Instruction New(OpCode code, Instruction target) => Unplaced(Instruction.Create(code, target));

    private static Instruction New(OpCode code, int value) => Unplaced(Instruction.Create(code, value));

    private static Instruction New(OpCode code, MethodReference method) => Unplaced(Instruction.Create(code, method));

    private static Instruction New(OpCode code) => Unplaced(Instruction.Create(code));

    private static Instruction Unplaced(Instruction instruction)
    {
        instruction.Offset = NoOffset;
        return instruction;
    }
}
