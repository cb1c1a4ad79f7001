using Mono.Cecil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Every place where code that can reach a wait blocks a thread.</summary>
/// <param name="Pins">In order of the methods.</param>
/// <param name="Required">Those that a method marked [GreenletRequired] reaches.</param>
internal sealed record PinReport(IReadOnlyList<Pin> Pins, IReadOnlyList<Pin> Required)
{
    public static PinReport Make(IReadOnlyList<MethodPlan> plans, Colours colours)
    {
        var chains = new CallChains(plans, colours);
        var pins = new List<Pin>();
        var required = new List<Pin>();
        foreach (var plan in plans)
        {
            foreach (var pin in PinsOf(plan, colours))
            {
                pins.Add(pin with { Chain = chains.To(plan.Method) });
                if (chains.FromRequired(plan.Method) is { } chain)
                    required.Add(pin with { Chain = chain });
            }
        }

        return new PinReport(pins, required);
    }

    private static IEnumerable<Pin> PinsOf(MethodPlan plan, Colours colours)
    {
        if (plan.Pin is { } code)
        {
            if (plan.Candidates.FirstOrDefault(colours.LeadsToWait) is { } candidate)
                yield return At(plan, candidate.Index, code, plan.PinDetail, null);
            yield break;
        }

        foreach (var site in plan.Sites.Where(static s => s.Pin is not null))
        {
            if (colours.LeadsToWait(plan.Candidates.First(c => c.Index == site.Index)))
                yield return At(plan, site.Index, site.Pin!.Value, site.PinDetail, site.Callee.FullName);
        }

        foreach (var index in plan.Affine.Where(_ => plan.IsWoven))
        {
            if (ThreadAffinity.Of(plan.Flow!.Instructions[index]) is { } what)
                yield return At(plan, index, plan.Flow.Instructions[index].Operand is FieldReference ? PinCode.ThreadStatic : PinCode.ThreadAffine, $"from here on the greenlet stays on its thread, because of {what}", null);
        }
    }

    private static Pin At(MethodPlan plan, int index, PinCode code, string detail, string? callee)
    {
        var offset = plan.Flow!.Instructions[index].Offset;
        var point = plan.Method.DebugInformation.SequencePoints.LastOrDefault(p => p.Offset <= offset && !p.IsHidden);
        return new Pin(code, plan.Method.FullName, callee, detail, point?.Document.Url, point?.StartLine ?? 0);
    }
}
