namespace GreenletBridge.FastMode.Build;

/// <summary>What became of an assembly's methods.</summary>
public sealed class WeaveResult
{
    internal WeaveResult(int woven, int methods, PinReport report)
    {
        Woven = woven;
        Methods = methods;
        Report = report;
    }

    /// <summary>Methods that have a twin.</summary>
    public int Woven { get; }

    /// <summary>Methods with a body.</summary>
    public int Methods { get; }

    internal PinReport Report { get; }
}
