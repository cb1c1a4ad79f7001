namespace GreenletBridge;

/// <summary>Something to be told of a greenlet's end, at once, by the thread that ended it: it must neither block nor throw.</summary>
internal interface IGreenletContinuation
{
    void OnEnded(Greenlet greenlet);
}
