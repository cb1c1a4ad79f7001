namespace GreenletBridge;

/// <summary>Finds the body that runs a delegate in its woven form.</summary>
internal interface IWovenFinder
{
    /// <summary>Null when the delegate's method was not woven.</summary>
    Body? Find(Action code);

    /// <inheritdoc cref="Find(Action)"/>
    Body? Find<T>(Func<T> code);

    /// <summary>Whether a delegate of any shape has a woven form.</summary>
    bool Has(Delegate code);

    /// <summary>A segment of woven code has blocked its thread: something in it was not rewritten.</summary>
    void NoteBlocked(Greenlet greenlet);
}
