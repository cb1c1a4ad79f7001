using Mono.Cecil;

namespace GreenletBridge.FastMode.Build;

/// <summary>What is to become of a method.</summary>
internal sealed class MethodPlan(MethodDefinition method)
{
    public MethodDefinition Method => method;

    /// <summary>Why it has no twin; null when it may have one.</summary>
    public PinCode? Pin { get; set; }

    public string PinDetail { get; set; } = "";

    /// <summary>Calls that may wait, in order.</summary>
    public List<CallSite> Sites { get; } = [];

    /// <summary>Calls that are made another way in the twin but never wait: number of the instruction and the primitive.</summary>
    public Dictionary<int, MethodDefinition> Replaced { get; } = [];

    /// <summary>Instructions whose effect belongs to the thread: the stack is pinned before them.</summary>
    public SortedSet<int> Affine { get; } = [];

    /// <summary>Calls of methods of the module that are made plainly.</summary>
    public List<(int Index, MethodDefinition Callee)> PlainCalls { get; } = [];

    /// <summary>Everything that might wait, pinned or not.</summary>
    public IReadOnlyList<Candidate> Candidates { get; set; } = [];

    /// <summary>What was moved in the method's body to make the twin; null when nothing was.</summary>
    public Lowering? Lowering { get; set; }

    public FlowGraph? Flow { get; set; }

    /// <summary>Whether it leaves something behind that belongs to its thread, such as a lock that it holds when it returns.</summary>
    public bool LeavesAffine { get; set; }

    public MethodDefinition? Twin { get; set; }

    /// <summary>Whether it is to have a twin.</summary>
    public bool IsWoven { get; set; }

    /// <summary>The sites at which the twin may wait by returning.</summary>
    public IReadOnlyList<CallSite> Active { get; set; } = [];
}
