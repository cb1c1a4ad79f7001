namespace GreenletBridge;

/// <summary>Which queue of a dispatcher an item goes to.</summary>
internal enum WorkKind : byte
{
    /// <summary>Something to run, or a parked thread to resume: first in, first out.</summary>
    Ready,

    /// <summary>Waits for its turn as <see cref="Ready"/>, and is engine code that neither blocks nor runs the user's: whoever holds the baton runs it, no thread is needed.</summary>
    Turn,

    /// <summary>As <see cref="Turn"/>, when there is nothing else to run.</summary>
    Idle,

    /// <summary>A thread that comes back from a runtime wait and wants the baton: served first.</summary>
    Return,

    /// <summary>A timer to be added to the timer queue.</summary>
    Timer,
}
