namespace GreenletBridge.FastMode.Build;

/// <summary>Analysis has come upon something that pins the whole method.</summary>
internal sealed class PinnedException(PinCode code, string detail) : Exception(detail)
{
    public PinCode Code => code;
}
