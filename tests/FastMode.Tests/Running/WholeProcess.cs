using Xunit;

namespace GreenletBridge.FastMode.Tests.Running;

/// <summary>Tests that look at the whole process: they run alone.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public sealed class WholeProcess;
