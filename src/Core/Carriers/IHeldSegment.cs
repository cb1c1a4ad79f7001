namespace GreenletBridge;

/// <summary>A segment that was found to hold its baton for too long.</summary>
internal interface IHeldSegment
{
    /// <summary>Called once at most, on the thread that ran it, when it has entered the engine.</summary>
    void End();

    /// <summary>Called once at most, by who found it, when something has been done about it. May come after the end.</summary>
    void Report(bool isHandedOff);
}
