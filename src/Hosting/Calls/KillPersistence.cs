namespace GreenletBridge.Hosting;

/// <summary>How often the kill of a request is thrown.</summary>
public enum KillPersistence
{
    /// <summary>Once: <c>finally</c> blocks may wait, and code that catches the kill lives on.</summary>
    Once = 0,

    /// <summary>Again at each wait until the handler has ended: for handlers that catch every exception. Their <c>finally</c> blocks cannot wait.</summary>
    EveryWait = 1,
}
