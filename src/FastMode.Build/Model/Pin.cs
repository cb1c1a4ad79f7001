namespace GreenletBridge.FastMode.Build;

/// <summary>A place in which woven code blocks a thread, with the reason.</summary>
/// <param name="Code">The reason.</param>
/// <param name="Method">The method it is in.</param>
/// <param name="Callee">What is called there; null when the whole method is meant.</param>
/// <param name="Detail">What exactly, in words.</param>
/// <param name="File">Source file; null without symbols.</param>
/// <param name="Line">Line in it; 0 without symbols.</param>
internal sealed record Pin(PinCode Code, string Method, string? Callee, string Detail, string? File, int Line);
