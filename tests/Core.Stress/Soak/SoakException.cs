namespace GreenletBridge.Core.Stress.Soak;

/// <summary>Something that must hold did not.</summary>
internal sealed class SoakException(string what) : Exception(what);
