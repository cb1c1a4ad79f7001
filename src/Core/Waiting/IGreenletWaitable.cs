namespace GreenletBridge;

/// <summary>What <c>Greenlet.WaitAny</c> and <c>Greenlet.WaitEach</c> can wait for: a greenlet, an event, a result, a semaphore, a Task.</summary>
/// <remarks>Implemented by this library's types; a Task becomes one by <c>task.AsWaitable()</c>. To wait in this way takes nothing: a semaphore that was reported has still to be acquired.</remarks>
public interface IGreenletWaitable
{
    /// <summary>Whether a wait for it would end at once.</summary>
    bool IsReady { get; }

    /// <summary>Comes when it is ready, and gives nothing away: whoever waits there holds no permit and takes no item afterwards.</summary>
    internal IWaitSource WhenReady { get; }
}
