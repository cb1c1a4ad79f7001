namespace GreenletBridge.Core.Tests.Bridging;

/// <summary>A bridge of the user's own around the hub's, as one that counts or logs: it notes the member and hands everything on.</summary>
internal sealed class OwnBridge(IGreenletBridge inner) : IGreenletBridge
{
    public List<string> Called { get; } = [];

    private IGreenletBridge Inner(string member)
    {
        Called.Add(member);
        return inner;
    }

    public Task AsTask(Greenlet greenlet, GreenletToTaskOptions? options = null, CancellationToken cancellationToken = default) => Inner(nameof(AsTask)).AsTask(greenlet, options, cancellationToken);

    public Task<T> AsTask<T>(Greenlet<T> greenlet, GreenletToTaskOptions? options = null, CancellationToken cancellationToken = default) => Inner(nameof(AsTask)).AsTask(greenlet, options, cancellationToken);

    public Greenlet AsGreenlet(Task task, TaskToGreenletOptions? options = null) => Inner(nameof(AsGreenlet)).AsGreenlet(task, options);

    public Greenlet<T> AsGreenlet<T>(Task<T> task, TaskToGreenletOptions? options = null) => Inner(nameof(AsGreenlet)).AsGreenlet(task, options);

    public Greenlet AsGreenlet(Func<CancellationToken, Task> start, TaskToGreenletOptions? options = null) => Inner(nameof(AsGreenlet)).AsGreenlet(start, options);

    public Greenlet<T> AsGreenlet<T>(Func<CancellationToken, Task<T>> start, TaskToGreenletOptions? options = null) => Inner(nameof(AsGreenlet)).AsGreenlet(start, options);

    public Task RunBlocking(Action body, GreenletToTaskOptions? options, CancellationToken cancellationToken) => Inner(nameof(RunBlocking)).RunBlocking(body, options, cancellationToken);

    public Task<T> RunBlocking<T>(Func<T> body, GreenletToTaskOptions? options, CancellationToken cancellationToken) => Inner(nameof(RunBlocking)).RunBlocking(body, options, cancellationToken);

    public Task RunAsync(Action body, CancellationToken cancellationToken = default) => Inner(nameof(RunAsync)).RunAsync(body, cancellationToken);

    public Task<T> RunAsync<T>(Func<T> body, CancellationToken cancellationToken = default) => Inner(nameof(RunAsync)).RunAsync(body, cancellationToken);

    public Task RunAsync(Func<Task> body, CancellationToken cancellationToken = default) => Inner(nameof(RunAsync)).RunAsync(body, cancellationToken);

    public Task<T> RunAsync<T>(Func<Task<T>> body, CancellationToken cancellationToken = default) => Inner(nameof(RunAsync)).RunAsync(body, cancellationToken);

    public void Await(Func<CancellationToken, Task> start, TaskToGreenletOptions? options) => Inner(nameof(Await)).Await(start, options);

    public T Await<T>(Func<CancellationToken, Task<T>> start, TaskToGreenletOptions? options) => Inner(nameof(Await)).Await(start, options);
}
