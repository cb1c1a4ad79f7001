namespace GreenletBridge;

/// <summary>The stack of woven code while it waits.</summary>
internal interface IWovenStack
{
    /// <summary>Whose it is.</summary>
    Greenlet Greenlet { get; }

    /// <summary>What its code saw as the current context when it began to wait.</summary>
    ExecutionContext? ExecutionContext { get; }

    /// <summary>Goes on, in a segment of the greenlet, after <paramref name="waiter"/> has ended.</summary>
    void Resume(WovenWaiter waiter);
}
