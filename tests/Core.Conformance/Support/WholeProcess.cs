namespace GreenletBridge.Core.Conformance;

/// <summary>Tests that look at the process as a whole, or take much of it: nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public sealed class WholeProcess;
