namespace GreenletBridge.Drivers.Tests.Databases;

/// <summary>How an application runs its SQL.</summary>
public enum QueryForm
{
    AdoNet,
    Dapper,
    EntityFramework,
}
