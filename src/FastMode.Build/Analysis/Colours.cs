using Mono.Cecil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Decides which methods get a twin: those from which a wait can be reached through calls that can be left and entered again.</summary>
internal sealed class Colours
{
    private readonly Dictionary<MethodDefinition, MethodPlan> _plans;
    private readonly SlotTable _slots;
    private readonly WovenReferences _woven;
    private readonly HashSet<MethodDefinition> _reach = [];

    public Colours(IReadOnlyList<MethodPlan> plans, SlotTable slots, WovenReferences woven)
    {
        _plans = plans.ToDictionary(static p => p.Method);
        _slots = slots;
        _woven = woven;
        Repeat(plans, SpreadAffinity);
        Repeat(plans, Weave);
        Repeat(plans, Reach);
        foreach (var plan in plans.Where(static p => p.IsWoven))
            Finish(plan);
    }

    /// <summary>Whether a wait can be reached from the method, if need be through what is pinned.</summary>
    public bool Reaches(MethodDefinition method) => _reach.Contains(method);

    /// <summary>Whether a candidate surely leads to a wait; a delegate or an enumerator may lead anywhere and does not count.</summary>
    public bool LeadsToWait(Candidate candidate) => candidate.Kind switch
    {
        SiteKind.Primitive or SiteKind.Pair => true,
        SiteKind.Delegate or SiteKind.Iterator or SiteKind.Enumeration => false,
        _ => Callees(candidate.Kind, candidate.Target).Any(_reach.Contains) || _woven.TwinOf(candidate.Target) is not null,
    };

    /// <summary>What a candidate may call in this module.</summary>
    public IEnumerable<MethodDefinition> CalleesOf(Candidate candidate) => Callees(candidate.Kind, candidate.Target);

    private static void Repeat(IReadOnlyList<MethodPlan> plans, Func<MethodPlan, bool> step)
    {
        var changed = true;
        while (changed)
        {
            changed = false;
            foreach (var plan in plans)
                changed |= step(plan);
        }
    }

    private bool SpreadAffinity(MethodPlan plan)
    {
        if (plan.LeavesAffine)
            return false;
        return plan.LeavesAffine = plan.PlainCalls.Any(call => LeavesAffine(call.Callee))
            || plan.Candidates.Any(c => Callees(c.Kind, c.Target).Any(LeavesAffine));
    }

    private bool Weave(MethodPlan plan)
    {
        if (plan.IsWoven || plan.Pin is not null)
            return false;
        return plan.IsWoven = plan.LeavesAffine || plan.Sites.Any(IsActive);
    }

    private bool Reach(MethodPlan plan) =>
        !_reach.Contains(plan.Method) && plan.Candidates.Any(LeadsToWait) && _reach.Add(plan.Method);

    private bool IsActive(CallSite site) => site.Pin is null && site.Kind switch
    {
        SiteKind.Direct or SiteKind.New => IsWoven(site.Target) || _woven.TwinOf(site.Target) is not null,
        SiteKind.Virtual or SiteKind.Constrained => _slots.Members(site.Target).Any(IsWoven) || _woven.TwinOf(site.Target) is not null,
        _ => true,
    };

    private void Finish(MethodPlan plan)
    {
        plan.Active = [.. plan.Sites.Where(IsActive)];
        var active = plan.Active.Select(static s => s.Index).ToHashSet();
        foreach (var (index, callee) in plan.PlainCalls)
        {
            if (LeavesAffine(callee))
                plan.Affine.Add(index);
        }

        foreach (var candidate in plan.Candidates.Where(c => !active.Contains(c.Index)
            && (Callees(c.Kind, c.Target).Any(LeavesAffine) || ThreadAffinity.MayTakeMutex(plan.Flow!.Instructions[c.Index], plan.Method))))
            plan.Affine.Add(candidate.Index);
    }

    /// <summary>Whether a plain call of the slot may leave something on the thread.</summary>
    public bool LeavesAffine(SiteKind kind, MethodDefinition target) => Callees(kind, target).Any(LeavesAffine);

    private IEnumerable<MethodDefinition> Callees(SiteKind kind, MethodDefinition target) => kind switch
    {
        SiteKind.Direct or SiteKind.New => [target],
        SiteKind.Virtual or SiteKind.Constrained => _slots.Members(target),
        _ => [],
    };

    private bool LeavesAffine(MethodDefinition method) => _plans.TryGetValue(method, out var plan) && plan.LeavesAffine;

    private bool IsWoven(MethodDefinition method) => _plans.TryGetValue(method, out var plan) && plan.IsWoven;
}
