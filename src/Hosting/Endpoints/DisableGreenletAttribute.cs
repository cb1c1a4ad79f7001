namespace GreenletBridge.Hosting;

/// <summary>Keeps a handler out of greenlets, whatever else its endpoint, group or controller says.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class DisableGreenletAttribute : Attribute;
