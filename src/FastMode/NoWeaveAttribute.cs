namespace GreenletBridge;

/// <summary>Keeps fast mode's build from rewriting a method, the methods of a type, or an assembly: it waits on a thread, as plain code does.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface | AttributeTargets.Assembly)]
public sealed class NoWeaveAttribute : Attribute;
