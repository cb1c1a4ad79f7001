using System.Collections;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Which locals and arguments code may still read. Arguments come first, the object of an instance method before them.</summary>
internal sealed class Liveness
{
    private readonly FlowGraph _flow;
    private readonly BitArray[] _before;
    private readonly int _arguments;
    private readonly int _count;

    public Liveness(FlowGraph flow)
    {
        _flow = flow;
        var method = flow.Method;
        _arguments = method.Parameters.Count + (method.HasThis ? 1 : 0);
        _count = _arguments + method.Body.Variables.Count;
        _before = new BitArray[flow.Instructions.Length];
        for (var i = 0; i < _before.Length; i++)
            _before[i] = new BitArray(_count);
        while (Pass())
        {
            // Until nothing changes: backwards, so that few passes do.
        }
    }

    /// <summary>What may be read when the call returns or throws.</summary>
    public BitArray AfterCall(int index) => After(index);

    public int ArgumentCount => _arguments;

    private bool Pass()
    {
        var changed = false;
        for (var i = _before.Length - 1; i >= 0; i--)
        {
            var live = After(i);
            var (variable, stores) = Access(i);
            if (variable >= 0)
            {
                // A store in a protected block may not have happened when its handler runs.
                if (!stores)
                    live[variable] = true;
                else if (!LiveInHandlers(i)[variable])
                    live[variable] = false;
            }

            if (Same(live, _before[i]))
                continue;
            _before[i] = live;
            changed = true;
        }

        return changed;
    }

    private BitArray After(int index)
    {
        var live = LiveInHandlers(index);
        foreach (var next in Il.Successors(_flow.Instructions[index]))
            live.Or(_before[_flow.IndexOf(next)]);
        return live;
    }

    private BitArray LiveInHandlers(int index)
    {
        var live = new BitArray(_count);
        foreach (var region in _flow.Around(index))
        {
            foreach (var handler in region.Handlers)
            {
                live.Or(_before[_flow.IndexOf(handler.HandlerStart)]);
                if (handler.FilterStart is not null)
                    live.Or(_before[_flow.IndexOf(handler.FilterStart)]);
            }
        }

        return live;
    }

    private (int Variable, bool Stores) Access(int index)
    {
        var instruction = _flow.Instructions[index];
        if (Il.Local(instruction, _flow.Method.Body) is { } local)
            return (_arguments + local.Index, Il.Stores(instruction) || _flow.Initializes(index));
        var argument = Il.Argument(instruction, _flow.Method);
        return (argument, argument >= 0 && Il.Stores(instruction));
    }

    private static bool Same(BitArray one, BitArray other)
    {
        for (var i = 0; i < one.Length; i++)
        {
            if (one[i] != other[i])
                return false;
        }

        return true;
    }
}
