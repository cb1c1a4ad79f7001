using System.ComponentModel;

namespace GreenletBridge.FastMode;

/// <summary>A call of woven code that waits: where it goes on, and what it needs there. Woven code derives from it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class Frame
{
#pragma warning disable CA1051, MA0069 // Written and read by woven code, once a wait: a property would be a call
    /// <summary>Number of the call site, from 0.</summary>
    public int State;
#pragma warning restore CA1051, MA0069

    internal Frame? Caller;

    /// <summary>Goes on behind the call that waited.</summary>
    /// <param name="stack">The stack it is part of; has the call's outcome.</param>
    public abstract void Resume(WovenStack stack);
}
