namespace GreenletBridge.Drivers.Tests.Catalogue;

/// <summary>What the static constructor of <see cref="SlowType{T}"/> waits for.</summary>
internal static class SlowTypeGate
{
    internal static Action Wait { get; set; } = static () => { };
}
