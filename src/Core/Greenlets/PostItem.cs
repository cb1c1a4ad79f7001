namespace GreenletBridge;

/// <summary>A continuation of a greenlet, posted to its context.</summary>
internal sealed class PostItem(Greenlet greenlet, SendOrPostCallback callback, object? state) : WorkItem
{
    internal override bool RunsOnScheduler => greenlet.RunsOnScheduler;

    internal override Runner? Target => greenlet.Home is { IsHome: true } home ? home : null;

    internal override void Run(Runner runner) => greenlet.RunPosted(runner, this);

    internal void Invoke() => callback(state);
}
