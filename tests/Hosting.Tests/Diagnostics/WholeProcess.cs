namespace GreenletBridge.Hosting.Tests.Diagnostics;

/// <summary>Tests that listen to, or send signals to, the whole process; they run alone.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public sealed class WholeProcess;
