namespace GreenletBridge;

/// <summary>Gets a thread to look after a dispatcher's timers, or to bring its own loop round.</summary>
internal sealed class WatchItem(Runner? target = null) : WorkItem
{
    // A thread that is not at home gets no baton: it looks for itself before it goes home again.
    internal override Runner? Target => target is { IsHome: true } ? target : null;

    internal override bool RunsOnScheduler => true;

    internal override void Run(Runner runner)
    {
        // Arriving is all: the loop that took it looks at the timers next.
    }
}
