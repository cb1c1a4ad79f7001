namespace GreenletBridge;

/// <summary>Calls the thread of <c>hub.Run</c> home when its greenlet has ended elsewhere.</summary>
internal sealed class HomeCall(Hub hub, Runner runner) : IGreenletContinuation
{
    public void OnEnded(Greenlet greenlet) => hub.Dispatcher.Post(new WatchItem(runner));
}
