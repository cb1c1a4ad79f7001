using System.Reflection;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace GreenletBridge.Core.Conformance;

/// <summary>Runs a theory on each loop with each kind of body: its parameters are the loop and the kind.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LoopsAndBodiesAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([
            .. from loop in Enum.GetValues<HubLoop>()
               from body in Enum.GetValues<BodyKind>()
               select new TheoryDataRow<HubLoop, BodyKind>(loop, body),
        ]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
