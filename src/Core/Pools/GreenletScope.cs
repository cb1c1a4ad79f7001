using System.Runtime.ExceptionServices;

namespace GreenletBridge;

/// <summary>Greenlets that live no longer than the code that spawned them: leaving the scope waits for all, and the first failure kills the rest and is thrown.</summary>
/// <remarks>
/// <para>When one fails while the scope's own code still waits, that code is broken off as by a kill, where a kill reaches it. It does not see the failure itself:
/// the scope throws it when all have ended. Whoever is killed, or whose time is up, in a scope takes the scope's greenlets along.</para>
/// <para>Off a greenlet the scope's code cannot be broken off; <see cref="Token"/> tells it. A greenlet that was killed has not failed.</para>
/// </remarks>
/// <example><code>
/// var page = await GreenletScope.RunAsync(async scope =>
/// {
///     var head = scope.Spawn(() => LoadHead(id));    // blocking code
///     var body = scope.Spawn(() => LoadBodyAsync(id));
///     return new Page(await head, await body);       // one fails: the other is killed, and its exception comes out here
/// });
/// </code></example>
public sealed class GreenletScope
{
    private readonly GreenletGroup _group;
    private readonly Greenlet? _owner = Greenlet.Current;
    private readonly FlowScope? _flow;
    private readonly ScopeMember _member;
    private CancellationTokenSource? _source;
    private KillRequest? _break;
    private ExceptionDispatchInfo? _failure;
    private TinyLock _lock;
    private bool _isOver;
    private bool _isLeft;

    private GreenletScope(Hub? hub, Runner? stack)
    {
        _group = new GreenletGroup(hub);
        _member = new ScopeMember(this);
        // Async code returns to a caller that may wait outside of the scope.
        if (_owner is not { } owner || (stack is not null && !owner.HasOtherFlows))
            return;
        owner.UseFlows();
        _flow = FlowScope.Enter(stack);
    }

    /// <summary>Cancelled when the scope ends before its time: one of it failed, or the code around it was killed.</summary>
    public CancellationToken Token
    {
        get
        {
            var source = Volatile.Read(ref _source);
            if (source is null)
            {
                var made = new CancellationTokenSource();
                source = Interlocked.CompareExchange(ref _source, made, null) ?? made;
                if (Volatile.Read(ref _isOver))
                    source.Cancel();
            }

            return source.Token;
        }
    }

    /// <summary>How many greenlets of it have not ended.</summary>
    public int Count => _group.Count;

    /// <summary>Runs blocking code that may spawn in a scope, and waits for all that it has spawned. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="body">The code; it runs on the caller's own stack.</param>
    /// <param name="hub">What runs the scope's greenlets; null (the default): the hub that the caller is on, else <see cref="Hub.Default"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    /// <exception cref="Exception">The first failure, of the code or of one of the greenlets, when all have ended.</exception>
    public static void Run(Action<GreenletScope> body, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        Run(
            scope =>
            {
                body(scope);
                return true;
            },
            hub);
    }

    /// <inheritdoc cref="Run(Action{GreenletScope}, Hub?)"/>
    /// <returns>The code's value.</returns>
    public static T Run<T>(Func<GreenletScope, T> body, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        var scope = new GreenletScope(hub, Runner.Current);
        T value = default!;
        try
        {
            value = body(scope);
        }
        catch (Exception e)
        {
            scope.Fail(e);
        }

        scope.Leave();
        while (scope.Count > 0)
            scope.Watch(() => scope._group.Join());
        scope.ThrowIfFailed();
        return value;
    }

    /// <summary>As <see cref="Run(Action{GreenletScope}, Hub?)"/>, for async code; it may be awaited anywhere.</summary>
    /// <inheritdoc cref="Run(Action{GreenletScope}, Hub?)"/>
    public static Task RunAsync(Func<GreenletScope, Task> body, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunAsync(
            async scope =>
            {
                await body(scope).ConfigureAwait(true);
                return true;
            },
            hub);
    }

    /// <inheritdoc cref="RunAsync(Func{GreenletScope, Task}, Hub?)"/>
    /// <returns>The code's value.</returns>
    public static async Task<T> RunAsync<T>(Func<GreenletScope, Task<T>> body, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        var scope = new GreenletScope(hub, stack: null);
        T value = default!;
        try
        {
            value = await body(scope).ConfigureAwait(true);
        }
        catch (Exception e)
        {
            scope.Fail(e);
        }

        scope.Leave();
        while (scope.Count > 0)
            await scope.WatchAsync(() => scope._group.JoinAsync()).ConfigureAwait(true);
        scope.ThrowIfFailed();
        return value;
    }

    /// <summary>Makes a greenlet of blocking code in the scope and starts it. In a scope that ends already it never begins.</summary>
    /// <param name="body">What it runs; it may block as it likes.</param>
    /// <returns>The greenlet.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The scope was left, and all of it has ended.</exception>
    /// <exception cref="HubStoppedException">The hub takes no more work.</exception>
    public Greenlet Spawn(Action body) => Begin(_group.Hub.Create(body));

    /// <inheritdoc cref="Spawn(Action)"/>
    public Greenlet<T> Spawn<T>(Func<T> body) => Begin(_group.Hub.Create(body));

    /// <summary>Makes a greenlet of async code in the scope and starts it. In a scope that ends already it never begins.</summary>
    /// <inheritdoc cref="Spawn(Action)" path="/param|/returns|/exception"/>
    public Greenlet Spawn(Func<Task> body) => Begin(_group.Hub.Create(body));

    /// <inheritdoc cref="Spawn(Func{Task})"/>
    public Greenlet<T> Spawn<T>(Func<Task<T>> body) => Begin(_group.Hub.Create(body));

    /// <summary>Ends the scope before its time without a failure: kills its greenlets. Its code goes on, and is told by <see cref="Token"/>.</summary>
    public void Cancel() => End(failure: null);

    /// <summary>One of its greenlets has ended; any thread.</summary>
    internal void NoteEnded(Greenlet greenlet)
    {
        if (greenlet.Status == GreenletStatus.Faulted)
            End(ExceptionDispatchInfo.Capture(greenlet.EndException!));
    }

    private TGreenlet Begin<TGreenlet>(TGreenlet greenlet)
        where TGreenlet : Greenlet
    {
        if (_isLeft && Count == 0)
            throw new InvalidOperationException("The GreenletScope was left and all of it has ended: spawn inside of its Run or RunAsync, or in one of its greenlets.");
        // Told before the group: whoever waits for the group to be empty finds the failure.
        greenlet.TryAddContinuation(_member);
        if (Volatile.Read(ref _isOver))
            greenlet.Kill();
        return _group.Begin(greenlet, CancellationToken.None) is var begun && Volatile.Read(ref _isOver) ? Killed(begun) : begun;
    }

    private static TGreenlet Killed<TGreenlet>(TGreenlet greenlet)
        where TGreenlet : Greenlet
    {
        // It came while the others were killed.
        greenlet.Kill();
        return greenlet;
    }

    /// <summary>Its own code has thrown.</summary>
    private void Fail(Exception error)
    {
        // What broke it off comes of a failure that is known already.
        if (_break?.Explaining(error, _source) is null)
            End(ExceptionDispatchInfo.Capture(error));
    }

    private void End(ExceptionDispatchInfo? failure)
    {
        KillRequest? request = null;
        _lock.Enter();
        var isFirst = !_isOver;
        _failure ??= failure;
        Volatile.Write(ref _isOver, true);
        if (isFirst && !_isLeft && failure is not null && _owner is { IsReady: false } owner)
            _break = request = new KillRequest(new GreenletExitException("A greenlet of the scope has failed."), owner.KillGrace) { Flow = _flow, IsScoped = true };
        _lock.Exit();
        if (!isFirst)
            return;
        // Its callbacks are user code: who ended the scope must not wait for them.
        if (Volatile.Read(ref _source) is { } source)
            _ = source.CancelAsync();
        foreach (var greenlet in _group)
            greenlet.KillFromOutside();
        if (request is not null)
            _owner!.Raise(request);
    }

    /// <summary>Its own code is over: there is nothing left to break off.</summary>
    private void Leave()
    {
        _lock.Enter();
        Volatile.Write(ref _isLeft, true);
        _lock.Exit();
        if (_break is { } request)
            _owner!.Withdraw(request);
        _flow?.Leave();
    }

    private void Watch(Action wait)
    {
        try
        {
            wait();
        }
        catch (Exception e)
        {
            // Killed, or out of time, while it waits for the others: they go along, and are waited for all the same.
            End(ExceptionDispatchInfo.Capture(e));
        }
    }

    private async Task WatchAsync(Func<Task> wait)
    {
        try
        {
            await wait().ConfigureAwait(true);
        }
        catch (Exception e)
        {
            End(ExceptionDispatchInfo.Capture(e));
        }
    }

    private void ThrowIfFailed() => _failure?.Throw();
}
