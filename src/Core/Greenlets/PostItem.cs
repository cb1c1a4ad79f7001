namespace GreenletBridge;

/// <summary>A continuation of a greenlet, posted to its context.</summary>
internal sealed class PostItem(GreenletContext context, SendOrPostCallback callback, object? state) : WorkItem
{
    private static readonly ContextCallback _invoke = static state => ((PostItem)state!).Invoke();

    internal override bool RunsOnScheduler => context.RunsOnScheduler;

    internal override Runner? Target => context.Home;

    internal override void Run(Runner runner) => context.Resume(runner, _invoke, this);

    private void Invoke() => callback(state);
}
