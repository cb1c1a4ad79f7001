namespace GreenletBridge;

/// <summary>Has the build fail unless a method, and everything it reaches in woven code, waits without a thread.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GreenletRequiredAttribute : Attribute;
