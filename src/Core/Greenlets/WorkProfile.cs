namespace GreenletBridge;

/// <summary>What has been learned of one kind of work, such as an endpoint: whether it ever blocked its thread, and whether it is short.</summary>
/// <remarks>
/// Make one for each kind and give it to every spawn of that kind. It is how work that in fact never blocks gets to run on the thread that asks
/// for it, and how work that does gets a carrier even where async code runs on .NET's scheduler. Any thread.
/// </remarks>
public sealed class WorkProfile
{
    private bool _hasBlocked;

    /// <summary>Makes the profile of a kind of work of which nothing is known yet.</summary>
    /// <param name="name">Name of the kind; its greenlets' <see cref="Greenlet.Name"/> and <see cref="Greenlet.Tag"/> unless they are given others.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public WorkProfile(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
        Trust = new PlaceTrust(this);
    }

    /// <summary>Name of the kind.</summary>
    public string Name { get; }

    /// <summary>Whether a run of it ever blocked its thread in a way that the hub saw. Never taken back.</summary>
    public bool HasBlocked => Volatile.Read(ref _hasBlocked);

    /// <summary>Whether it may run on the thread that asks for it: a run takes under 0.5 ms in the mean, whatever it waits included, and none blocks such a thread now.</summary>
    public bool RunsInPlace => Trust.IsGiven;

    /// <summary>Whether it keeps blocking in a way that only the watchdog sees: on a hub that hands off it begins without the baton, but for a run a second.</summary>
    public bool BlocksUnseen => Unseen.IsKnown;

    /// <summary>Whether it is trusted with the thread that asks for it.</summary>
    internal PlaceTrust Trust { get; }

    /// <summary>What the watchdog has seen of it.</summary>
    internal UnseenBlocking Unseen { get; } = new();

    internal bool StartsDetached() => HasBlocked || Unseen.StartsDetached();

    internal void NoteBlocked() => Volatile.Write(ref _hasBlocked, true);
}
