namespace GreenletBridge.Drivers.Tests.Catalogue;

/// <summary>A type whose static constructor waits; one for each argument.</summary>
internal static class SlowType<T>
{
    static SlowType() => SlowTypeGate.Wait();
}
