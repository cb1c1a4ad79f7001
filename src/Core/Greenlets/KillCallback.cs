namespace GreenletBridge;

/// <summary>User code that asks something outside of the process to stop because a greenlet was killed.</summary>
internal sealed class KillCallback(Greenlet greenlet, Action<object?> callback, object? state)
{
    internal static readonly Action<object?> Invoke = static self => ((KillCallback)self!).Run();

    private void Run()
    {
        if (greenlet.IsShielded)
            return;
        try
        {
            callback(state);
        }
        catch (Exception e)
        {
            // The kill goes on without it: the wait is interrupted when its grace is over.
            greenlet.Hub?.ReportUnhandled(greenlet, e);
        }
    }
}
