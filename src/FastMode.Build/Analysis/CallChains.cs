using Mono.Cecil;

namespace GreenletBridge.FastMode.Build;

/// <summary>How methods are reached: by which calls, from where.</summary>
internal sealed class CallChains
{
    private readonly Dictionary<MethodDefinition, List<MethodDefinition>> _callers = [];
    private readonly Dictionary<MethodDefinition, MethodDefinition?> _required = [];

    public CallChains(IReadOnlyList<MethodPlan> plans, Colours colours)
    {
        foreach (var plan in plans)
        {
            foreach (var callee in plan.Candidates.SelectMany(colours.CalleesOf).Concat(plan.PlainCalls.Select(static c => c.Callee)))
            {
                if (!_callers.TryGetValue(callee, out var callers))
                    _callers.Add(callee, callers = []);
                callers.Add(plan.Method);
            }
        }

        var work = new Queue<MethodDefinition>(plans.Select(static p => p.Method).Where(static m => TypeMath.HasAttribute(m, Names.Required)));
        foreach (var method in work)
            _required[method] = null;
        var calls = plans.ToDictionary(static p => p.Method, p => p.Candidates.SelectMany(colours.CalleesOf).Concat(p.PlainCalls.Select(static c => c.Callee)).ToList());
        while (work.TryDequeue(out var method))
        {
            foreach (var callee in calls.GetValueOrDefault(method) ?? [])
            {
                if (_required.TryAdd(callee, method))
                    work.Enqueue(callee);
            }
        }
    }

    /// <summary>From a method that nothing in the module calls to this one: the shortest way.</summary>
    public IReadOnlyList<string> To(MethodDefinition method)
    {
        var next = new Dictionary<MethodDefinition, MethodDefinition?> { [method] = null };
        var work = new Queue<MethodDefinition>([method]);
        var start = method;
        while (work.TryDequeue(out var current))
        {
            start = current;
            if (!_callers.TryGetValue(current, out var callers) || callers.Count == 0)
                break;
            foreach (var caller in callers)
            {
                if (next.TryAdd(caller, current))
                    work.Enqueue(caller);
            }
        }

        var chain = new List<string>();
        for (MethodDefinition? m = start; m is not null; m = next[m])
            chain.Add(Name(m));
        return chain;
    }

    /// <summary>From a method that is marked [GreenletRequired] to this one; null when none reaches it.</summary>
    public IReadOnlyList<string>? FromRequired(MethodDefinition method)
    {
        if (!_required.ContainsKey(method))
            return null;
        var chain = new List<string>();
        for (MethodDefinition? m = method; m is not null; m = _required[m])
            chain.Insert(0, Name(m));
        return chain;
    }

    private static string Name(MethodDefinition method) => $"{method.DeclaringType.FullName}.{method.Name}";
}
