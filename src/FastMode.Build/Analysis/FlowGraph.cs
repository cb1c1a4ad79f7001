using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <summary>The instructions of a body by number, and the blocks of exception handling around each.</summary>
internal sealed class FlowGraph
{
    private readonly Dictionary<Instruction, int> _index = [];

    public FlowGraph(MethodDefinition method)
    {
        Method = method;
        Instructions = [.. method.Body.Instructions];
        for (var i = 0; i < Instructions.Length; i++)
            _index[Instructions[i]] = i;
        foreach (var handler in method.Body.ExceptionHandlers)
        {
            var start = IndexOf(handler.TryStart);
            var end = IndexOf(handler.TryEnd);
            var region = Regions.Find(r => r.Start == start && r.End == end);
            if (region is null)
                Regions.Add(region = new TryRegion(start, end));
            region.Handlers.Add(handler);
        }

        // The outer before the inner.
        Regions.Sort(static (a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : b.End.CompareTo(a.End));
    }

    public MethodDefinition Method { get; }

    public Instruction[] Instructions { get; }

    public List<TryRegion> Regions { get; } = [];

    /// <summary>Number of an instruction; of null, which ends the body, one more than the last.</summary>
    public int IndexOf(Instruction? instruction) => instruction is null ? Instructions.Length : _index[instruction];

    /// <summary>The protected blocks around an instruction, the outermost first.</summary>
    public IEnumerable<TryRegion> Around(int index) => Regions.Where(region => region.Contains(index));

    /// <summary>The handler that an instruction is part of, the innermost; null when none.</summary>
    public ExceptionHandler? HandlerAround(int index)
    {
        ExceptionHandler? found = null;
        var size = int.MaxValue;
        foreach (var handler in Method.Body.ExceptionHandlers)
        {
            var start = IndexOf(handler.FilterStart ?? handler.HandlerStart);
            var end = IndexOf(handler.HandlerEnd);
            if (index < start || index >= end || end - start >= size)
                continue;
            found = handler;
            size = end - start;
        }

        return found;
    }

    public bool IsInFilter(ExceptionHandler handler, int index) => handler.FilterStart is not null && index < IndexOf(handler.HandlerStart);

    /// <summary>Whether the instruction loads an address only to have what is there set as a whole: by a constructor, or to its default.</summary>
    public bool Initializes(int index)
    {
        if (Instructions[index].OpCode.Code is not (Code.Ldloca or Code.Ldloca_S))
            return false;
        var depth = 1;
        for (var i = index + 1; i < Instructions.Length; i++)
        {
            var instruction = Instructions[i];
            var pops = Il.Pops(instruction, Method);
            if (pops < 0)
                return false;
            if (pops >= depth)
            {
                // The address must be the constructor's object, not one of its arguments.
                return instruction.OpCode.Code == Code.Initobj
                    || (instruction.OpCode.Code == Code.Call && pops == depth && instruction.Operand is MethodReference { Name: ".ctor", HasThis: true });
            }

            if (instruction.OpCode.FlowControl is not (FlowControl.Next or FlowControl.Call or FlowControl.Meta))
                return false;
            depth += Il.Pushes(instruction) - pops;
        }

        return false;
    }
}
