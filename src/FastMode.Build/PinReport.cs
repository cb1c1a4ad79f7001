namespace GreenletBridge.FastMode.Build;

/// <summary>Every place where code that can reach a wait blocks a thread.</summary>
/// <param name="Pins">In order of the methods.</param>
internal sealed record PinReport(IReadOnlyList<Pin> Pins)
{
    public static PinReport Make(IReadOnlyList<MethodPlan> plans, Colours colours)
    {
        var pins = new List<Pin>();
        foreach (var plan in plans)
        {
            if (plan.Pin is { } code)
            {
                if (plan.Candidates.FirstOrDefault(colours.LeadsToWait) is { } candidate)
                    pins.Add(At(plan, candidate.Index, code, plan.PinDetail, null));
                continue;
            }

            foreach (var site in plan.Sites.Where(static s => s.Pin is not null))
            {
                if (colours.LeadsToWait(plan.Candidates.First(c => c.Index == site.Index)))
                    pins.Add(At(plan, site.Index, site.Pin!.Value, site.PinDetail, site.Callee.FullName));
            }
        }

        return new PinReport(pins);
    }

    private static Pin At(MethodPlan plan, int index, PinCode code, string detail, string? callee)
    {
        var offset = plan.Flow!.Instructions[index].Offset;
        var point = plan.Method.DebugInformation.SequencePoints.LastOrDefault(p => p.Offset <= offset && !p.IsHidden);
        return new Pin(code, plan.Method.FullName, callee, detail, point?.Document.Url, point?.StartLine ?? 0);
    }
}
