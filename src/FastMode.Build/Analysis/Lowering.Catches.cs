using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <content>The code of a catch block is moved behind the protected block, which itself only keeps the exception and leaves.</content>
internal sealed partial class Lowering
{
    private void MoveCatch(ExceptionHandler handler)
    {
        var flow = new FlowGraph(_method);
        var group = flow.Regions.Single(r => r.Handlers.Contains(handler));
        var start = flow.IndexOf(handler.HandlerStart);
        var end = flow.IndexOf(handler.HandlerEnd);
        var behind = group.Handlers.Max(h => flow.IndexOf(h.HandlerEnd));
        var error = AddLocal(handler.CatchType);
        var keep = New(OpCodes.Stloc, error);
        var entry = New(OpCodes.Ldloc, error);
        var leave = New(OpCodes.Leave, entry);
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
        Replace(all);
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
}
