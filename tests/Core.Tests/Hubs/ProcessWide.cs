using Xunit;

namespace GreenletBridge.Core.Tests.Hubs;

/// <summary>Tests that touch, or measure, what belongs to the whole process: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(ProcessWide), DisableParallelization = true)]
public sealed class ProcessWide;
