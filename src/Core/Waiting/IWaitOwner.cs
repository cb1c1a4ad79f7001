namespace GreenletBridge;

/// <summary>Who waits: a greenlet, as the waits see it.</summary>
internal interface IWaitOwner
{
    /// <summary>What runs it.</summary>
    Dispatcher Dispatcher { get; }

    /// <summary>The context of its code.</summary>
    HookedContext Context { get; }

    /// <summary>Whether it must have its turn after a runtime wait, rather than go on beside whoever runs.</summary>
    bool WantsTurn { get; }

    /// <summary>The wait can be killed from now on. A kill that is pending reaches it at once.</summary>
    void AddWait(IKillableWait wait);

    /// <summary>It waits with its stack, and everything that can end the wait is armed: whoever sees the greenlet wait may let time pass, or cancel.</summary>
    void NoteWaiting();

    /// <summary>The wait is over.</summary>
    void RemoveWait(IKillableWait wait);

    /// <summary>Takes the kill that is to be thrown out of that wait, null when there is none or it is deferred.</summary>
    Exception? TakeKill(IKillableWait wait);

    /// <summary>As <see cref="TakeKill"/>, where the runtime's own exception is to be thrown for it.</summary>
    bool TryTakeKillAsInterrupt(IKillableWait wait);

    /// <summary>An interrupt that a kill had sent to user code on that thread met no wait there: the kill is pending again.</summary>
    void NoteInterruptMissed(Runner runner);

    /// <summary>A kill that was sent to a wait was not thrown there: it has to be sent again.</summary>
    void NoteKillNotThrown();

    /// <summary>Its code goes on after a wait: a kill may interrupt a sleep there.</summary>
    void EnterUserCode(Runner runner);

    /// <summary>Kills are deferred until <see cref="RemoveShield"/>.</summary>
    void AddShield();

    /// <summary>A deferred kill is on its way again.</summary>
    void RemoveShield();
}
