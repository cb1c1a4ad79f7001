namespace GreenletBridge;

/// <summary>What happens so often on a hub that a listener is told only while it asks for it.</summary>
[Flags]
public enum HubEvents
{
    /// <summary>Nothing: the default, at the cost of one comparison an event.</summary>
    None = 0,

    /// <summary>Begin and end of every greenlet; a snapshot then has those too that have not waited yet.</summary>
    Greenlets = 1,

    /// <summary>Every wait that is over.</summary>
    Waits = 2,

    /// <summary>Every segment that is over.</summary>
    Segments = 4,

    /// <summary>Every wait of woven code that blocks a thread.</summary>
    WovenBlocks = 8,
}
