using System.Reflection;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace GreenletBridge.Core.Conformance;

/// <summary>Runs a theory once on each loop: its one parameter is the loop.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LoopsAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Enum.GetValues<HubLoop>().Select(loop => new TheoryDataRow<HubLoop>(loop))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
