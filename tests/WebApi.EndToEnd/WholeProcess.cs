namespace WebApi.EndToEnd;

/// <summary>Tests that look at the process as a whole: nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public sealed class WholeProcess;
