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
}
