using Mono.Cecil;

namespace GreenletBridge.FastMode.Build;

/// <summary>A first look at all methods: which may wait at all. Handlers of exceptions are changed only where something in them may.</summary>
internal sealed class WaitSurvey(SlotTable slots, WovenReferences woven)
{
    private readonly HashSet<MethodDefinition> _waiting = [];

    /// <summary>Looks at the candidates of every method.</summary>
    public void Run(IReadOnlyList<(MethodDefinition Method, IReadOnlyList<Candidate> Candidates)> methods)
    {
        var changed = true;
        while (changed)
        {
            changed = false;
            foreach (var (method, candidates) in methods)
                changed |= !_waiting.Contains(method) && candidates.Any(MayWait) && _waiting.Add(method);
        }
    }

    /// <summary>Whether the call may lead to a wait: surely, or by what it is given.</summary>
    public bool MayWait(Candidate candidate) => candidate switch
    {
        { Only: { } only } => only.Any(_waiting.Contains),
        { Kind: SiteKind.Direct or SiteKind.New } => _waiting.Contains(candidate.Target) || woven.TwinOf(candidate.Target) is not null,
        { Kind: SiteKind.Virtual or SiteKind.Constrained } => slots.Members(candidate.Target).Any(_waiting.Contains) || woven.TwinOf(candidate.Target) is not null,
        _ => true,
    };
}
