namespace GreenletBridge;

/// <summary>Converts between greenlets and Tasks, and between blocking and async functions.</summary>
/// <remarks>
/// One for each container (or <c>hub.Bridge</c>, <c>group.Bridge</c> without one). All members may be used from any thread, on a
/// greenlet or not. What they start runs on the caller's hub, else on the bridge's.
/// The forms of SyncToAsync and AsyncToSync with arguments are extension members.
/// </remarks>
public interface IGreenletBridge
{
    /// <summary>A Task that ends as the greenlet ends.</summary>
    /// <param name="greenlet">Of whatever hub, in whatever state.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the Task, and kills the greenlet unless the options say otherwise.</param>
    /// <exception cref="ArgumentNullException"><paramref name="greenlet"/> is null.</exception>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="HubDeadlockException">The greenlet is the one that asks.</exception>
    /// <exception cref="HubStoppedException">It has to be started and its hub takes no more work.</exception>
    Task AsTask(Greenlet greenlet, GreenletToTaskOptions? options = null, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="AsTask(Greenlet, GreenletToTaskOptions?, CancellationToken)"/>
    Task<T> AsTask<T>(Greenlet<T> greenlet, GreenletToTaskOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>A greenlet, not started, that ends as the Task ends.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="task"/> is null.</exception>
    Greenlet AsGreenlet(Task task, TaskToGreenletOptions? options = null);

    /// <inheritdoc cref="AsGreenlet(Task, TaskToGreenletOptions?)"/>
    Greenlet<T> AsGreenlet<T>(Task<T> task, TaskToGreenletOptions? options = null);

    /// <summary>A greenlet, not started, that calls the async function when it starts, with a token that is cancelled when it is killed.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="start"/> is null.</exception>
    Greenlet AsGreenlet(Func<CancellationToken, Task> start, TaskToGreenletOptions? options = null);

    /// <inheritdoc cref="AsGreenlet(Func{CancellationToken, Task}, TaskToGreenletOptions?)"/>
    Greenlet<T> AsGreenlet<T>(Func<CancellationToken, Task<T>> start, TaskToGreenletOptions? options = null);

    /// <summary>Runs blocking code as a greenlet: what every form of SyncToAsync comes down to.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    /// <exception cref="HubStoppedException">The hub takes no more work.</exception>
    Task RunBlocking(Action body, GreenletToTaskOptions? options, CancellationToken cancellationToken);

    /// <inheritdoc cref="RunBlocking(Action, GreenletToTaskOptions?, CancellationToken)"/>
    Task<T> RunBlocking<T>(Func<T> body, GreenletToTaskOptions? options, CancellationToken cancellationToken);

    /// <summary>Runs blocking code as a greenlet. The Task is over when the greenlet has ended, also when the token is cancelled.</summary>
    /// <param name="body">The code.</param>
    /// <param name="cancellationToken">Kills the greenlet; before it began it never runs.</param>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    /// <exception cref="HubStoppedException">The hub takes no more work.</exception>
    Task RunAsync(Action body, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="RunAsync(Action, CancellationToken)"/>
    Task<T> RunAsync<T>(Func<T> body, CancellationToken cancellationToken = default);

    /// <summary>Runs async code as a greenlet: what blocks in it blocks cooperatively.</summary>
    /// <inheritdoc cref="RunAsync(Action, CancellationToken)" path="/param|/exception"/>
    Task RunAsync(Func<Task> body, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="RunAsync(Func{Task}, CancellationToken)"/>
    Task<T> RunAsync<T>(Func<Task<T>> body, CancellationToken cancellationToken = default);

    /// <summary>Calls an async function and waits for it, cooperatively on a greenlet: what every form of AsyncToSync comes down to.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="start"/> is null.</exception>
    /// <exception cref="BlockingInHubCallbackException">The caller is a callback of the hub's machinery.</exception>
    /// <exception cref="HubStoppedException">The caller is no greenlet and the hub takes no more work.</exception>
    void Await(Func<CancellationToken, Task> start, TaskToGreenletOptions? options);

    /// <inheritdoc cref="Await(Func{CancellationToken, Task}, TaskToGreenletOptions?)"/>
    T Await<T>(Func<CancellationToken, Task<T>> start, TaskToGreenletOptions? options);
}
