namespace GreenletBridge;

/// <summary>A continuation of a greenlet, posted to its context.</summary>
internal sealed class PostItem(Greenlet greenlet, SendOrPostCallback callback, object? state) : WorkItem
{
    private static readonly ContextCallback _invoke = static state => ((PostItem)state!).Invoke();

    internal override bool RunsOnScheduler => greenlet.RunsOnScheduler;

    internal override Runner? Target => greenlet.Home is { IsHome: true } home ? home : null;

    internal override void Run(Runner runner) => greenlet.RunPosted(runner, _invoke, this);

    private void Invoke() => callback(state);
}
