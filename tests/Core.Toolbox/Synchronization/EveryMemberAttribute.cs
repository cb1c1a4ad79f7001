using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace GreenletBridge.Core.Toolbox.Synchronization;

/// <summary>Runs a theory for every blocking member of the room, on each loop with each kind of body: its parameters are the name, the loop and the kind.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EveryMemberAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([
            .. from name in Member.Names
               from loop in Enum.GetValues<HubLoop>()
               from body in Enum.GetValues<BodyKind>()
               select new TheoryDataRow<string, HubLoop, BodyKind>(name, loop, body),
        ]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
