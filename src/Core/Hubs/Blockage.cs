using System.Diagnostics;

namespace GreenletBridge;

/// <summary>One time that a greenlet held its hub without waiting where the hub could see it. Found by the watchdog.</summary>
/// <remarks>What it says grows: <see cref="Duration"/> and <see cref="Place"/> are final when it has ended. Any thread may read it.</remarks>
public sealed class Blockage : IHeldSegment
{
    private const int Ended = 1;
    private const int Reported = 2;

    private readonly bool _isSilent;
    private readonly long _since;
    private long _duration = -1;
    private string? _place;
    private int _state;

    internal Blockage(Hub hub, Greenlet greenlet, string key, BlockageKind kind, bool isSilent, long since)
    {
        Hub = hub;
        Greenlet = greenlet;
        Key = key;
        Kind = kind;
        _isSilent = isSilent;
        _since = since;
    }

    /// <summary>The hub that was held.</summary>
    public Hub Hub { get; }

    /// <summary>The greenlet that held it.</summary>
    public Greenlet Greenlet { get; }

    /// <summary>The endpoint where there is one, else the method of the greenlet's body: what the hub learns by.</summary>
    public string Key { get; }

    /// <summary>How it held the hub when it was found.</summary>
    public BlockageKind Kind { get; }

    /// <summary>Whether the baton went to other greenlets meanwhile.</summary>
    public bool IsHandedOff { get; private set; }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => Volatile.Read(ref _duration) >= 0;

    /// <summary>How long the segment took, a millisecond or two less; until it has ended, how long it has taken so far.</summary>
    public TimeSpan Duration => Volatile.Read(ref _duration) is >= 0 and var ticks ? new(ticks) : Stopwatch.GetElapsedTime(_since);

    /// <summary>The stack that the blocker took of itself when it next entered its hub, innermost frame first; null until then, and where the body had returned.</summary>
    /// <remarks>.NET cannot read another thread's stack within the process.</remarks>
    public string? Place => Volatile.Read(ref _place);

    void IHeldSegment.End()
    {
        Volatile.Write(ref _place, StackText.OfThisThread());
        Volatile.Write(ref _duration, Stopwatch.GetElapsedTime(_since).Ticks);
        if ((Interlocked.Or(ref _state, Ended) & Reported) != 0)
            TellEnd();
    }

    void IHeldSegment.Report(bool isHandedOff)
    {
        IsHandedOff = isHandedOff;
        if (!_isSilent)
            Hub.NoteBlockage(this);
        // The end is told after the beginning, by whoever comes second.
        if ((Interlocked.Or(ref _state, Reported) & Ended) != 0)
            TellEnd();
    }

    private void TellEnd()
    {
        if (!_isSilent)
            Hub.NoteBlockageEnded(this);
    }
}
