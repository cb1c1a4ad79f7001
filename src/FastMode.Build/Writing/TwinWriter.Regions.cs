using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <content>Protected blocks: their heads, which lead back to a call inside, and handlers, which must not run while the stack is saved.</content>
internal sealed partial class TwinWriter
{
    private readonly Dictionary<TryRegion, Instruction> _heads = [];
    private Instruction[] _starts = [];
    private Instruction[] _firsts = [];
    private int _lastBegun = -1;
    private int _lastStart;
    private int _lastFirst;
    private readonly List<(int Start, int First)> _places = [];

    /// <summary>Everything that stands before an instruction: heads of blocks that begin here, a guard of a finally block, a pin.</summary>
    private void BeginInstruction(int index)
    {
        CloseInstruction();
        _lastBegun = index;
        _lastStart = _new.Count;
        foreach (var region in _flow.Regions.Where(r => r.Start == index && _heads.ContainsKey(r)))
            WriteHead(region);
        if (_plan.Method.Body.ExceptionHandlers.Any(h => IsGuarded(h) && _flow.IndexOf(h.HandlerStart) == index))
            WriteFinallyGuard();
        _lastFirst = _new.Count;
        if (_plan.Affine.Contains(AfterPrefixes(index)) && !(index > 0 && Il.IsPrefix(_old[index - 1])))
        {
            Emit(OpCodes.Ldarg, StackArgument);
            Emit(OpCodes.Call, _runtime.PinThread);
        }
    }

    private int AfterPrefixes(int index)
    {
        while (Il.IsPrefix(_old[index]) && index + 1 < _old.Length)
            index++;
        return index;
    }

    private void CloseInstruction()
    {
        if (_lastBegun >= 0)
            _places.Add((_lastStart, _lastFirst));
    }

    /// <summary>All code of the method is written: branches and blocks get their new places.</summary>
    private void EndInstructions()
    {
        CloseInstruction();
        var end = Instruction.Create(OpCodes.Nop);
        var count = _new.Count;
        _starts = [.. _places.Select(p => _new[p.Start]), end];
        _firsts = [.. _places.Select(p => _new[p.First])];
        for (var i = 0; i < _old.Length; i++)
        {
            if (_old[i].Operand is Instruction target)
                _old[i].Operand = Target(i, target);
            else if (_old[i].Operand is Instruction[] targets)
                _old[i].Operand = Array.ConvertAll(targets, t => Target(i, t));
        }

        var needsEnd = false;
        foreach (var handler in _body.ExceptionHandlers)
        {
            var original = _plan.Method.Body.ExceptionHandlers[_body.ExceptionHandlers.IndexOf(handler)];
            var region = _flow.Regions.Single(r => r.Handlers.Contains(original));
            needsEnd |= original.HandlerEnd is null;
            handler.TryStart = _heads.TryGetValue(region, out var head) ? head : _firsts[region.Start];
            handler.TryEnd = _starts[region.End];
            handler.FilterStart = original.FilterStart is null ? null : _starts[_flow.IndexOf(original.FilterStart)];
            handler.HandlerStart = _starts[_flow.IndexOf(original.HandlerStart)];
            handler.HandlerEnd = _starts[_flow.IndexOf(original.HandlerEnd)];
        }

        // Something must stand behind the last handler; nothing falls into it.
        if (needsEnd || count == 0)
        {
            _new.Add(end);
            Emit(OpCodes.Ldnull);
            Emit(OpCodes.Throw);
        }
    }

    /// <summary>Where a branch goes: to the head of the outermost block that it enters by it, else to the instruction itself.</summary>
    private Instruction Target(int from, Instruction target)
    {
        var index = _oldIndex[target];
        foreach (var region in _flow.Regions)
        {
            if (region.Start == index && !region.Contains(from) && _heads.TryGetValue(region, out var head))
                return head;
        }

        return _firsts[index];
    }

    private void WriteHead(TryRegion region)
    {
        var body = Instruction.Create(OpCodes.Nop);
        _new.Add(_heads[region]);
        Emit(OpCodes.Brfalse, body);
        var targets = _plan.Active.Select(site => region.Contains(site.Index) ? Entry(region, site) : body).ToArray();
        if (targets.Where(t => t != body).Distinct().Count() == 1)
        {
            Emit(OpCodes.Br, targets.First(t => t != body));
        }
        else
        {
            Emit(OpCodes.Ldloc, _state!);
            Emit(OpCodes.Ldc_I4_1);
            Emit(OpCodes.Sub);
            Emit(OpCodes.Switch, targets);
        }

        _new.Add(body);
    }

    /// <summary>The next place on the way from a block's head to a call: the head of the block inside, or the call's own.</summary>
    private Instruction Entry(TryRegion region, CallSite site)
    {
        var inner = _flow.Around(site.Index).SkipWhile(r => r != region).Skip(1).FirstOrDefault();
        return inner is null ? _resume[site] : _heads[inner];
    }

    private bool IsGuarded(ExceptionHandler handler) =>
        handler.HandlerType == ExceptionHandlerType.Finally
        && _active.Keys.Any(i => i >= _flow.IndexOf(handler.TryStart) && i < _flow.IndexOf(handler.TryEnd));

    private void WriteFinallyGuard()
    {
        var body = Instruction.Create(OpCodes.Nop);
        Emit(OpCodes.Ldarg, StackArgument);
        Emit(OpCodes.Ldfld, _runtime.Suspending);
        Emit(OpCodes.Brfalse, body);
        Emit(OpCodes.Endfinally);
        _new.Add(body);
    }

    private void MoveSequencePoints()
    {
        foreach (var (index, point) in _points)
        {
            _twin.DebugInformation.SequencePoints.Add(new SequencePoint(_firsts[index], point.Document)
            {
                StartLine = point.StartLine,
                StartColumn = point.StartColumn,
                EndLine = point.EndLine,
                EndColumn = point.EndColumn,
            });
        }
    }
}
