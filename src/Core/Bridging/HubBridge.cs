using System.Runtime.CompilerServices;

namespace GreenletBridge;

/// <summary>The one implementation of the conversions.</summary>
internal sealed class HubBridge(IGreenletTarget home) : IGreenletBridge
{
    /// <summary>The one bridge of a hub or group, kept in <paramref name="companion"/>.</summary>
    internal static HubBridge Of(ref object? companion, IGreenletTarget target)
    {
        if (Volatile.Read(ref companion) is HubBridge bridge)
            return bridge;
        var made = new HubBridge(target);
        return (HubBridge)(Interlocked.CompareExchange(ref companion, made, null) ?? made);
    }

    public Task AsTask(Greenlet greenlet, GreenletToTaskOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(greenlet);
        ThrowIfSelf(greenlet);
        options?.Validate();
        return new VoidPromise(options ?? GreenletToTaskOptions.Default).Attach(greenlet, cancellationToken);
    }

    public Task<T> AsTask<T>(Greenlet<T> greenlet, GreenletToTaskOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(greenlet);
        ThrowIfSelf(greenlet);
        options?.Validate();
        return new ValuePromise<T>(options ?? GreenletToTaskOptions.Default).Attach(greenlet, cancellationToken);
    }

    public Greenlet AsGreenlet(Task task, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        return MakeGreenlet(TaskRunner.Of(task, options ?? TaskToGreenletOptions.Default), options);
    }

    public Greenlet<T> AsGreenlet<T>(Task<T> task, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        return MakeGreenlet<T>(TaskRunner.Of(task, options ?? TaskToGreenletOptions.Default), options);
    }

    public Greenlet AsGreenlet(Func<CancellationToken, Task> start, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(start);
        return MakeGreenlet(new TaskRunner(start, options ?? TaskToGreenletOptions.Default), options);
    }

    public Greenlet<T> AsGreenlet<T>(Func<CancellationToken, Task<T>> start, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(start);
        return MakeGreenlet<T>(new TaskRunner(start, options ?? TaskToGreenletOptions.Default), options);
    }

    public Task RunBlocking(Action body, GreenletToTaskOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(body);
        options?.ValidateForCall();
        return AsTask(new Greenlet(Target, BlockingBody.For(body), body), options, cancellationToken);
    }

    public Task<T> RunBlocking<T>(Func<T> body, GreenletToTaskOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(body);
        options?.ValidateForCall();
        return AsTask(new Greenlet<T>(Target, BlockingBody<T>.For(body), body), options, cancellationToken);
    }

    /// <summary>One call of a converted function.</summary>
    /// <param name="bridge">Any implementation; only this one runs short functions in place.</param>
    /// <param name="body">The function with its arguments.</param>
    /// <param name="trust">What is known of the function, the same for all its calls.</param>
    /// <param name="options">Valid ones, or null.</param>
    /// <param name="cancellationToken">Kills the greenlet.</param>
    internal static Task Call(IGreenletBridge bridge, Action body, PlaceTrust trust, GreenletToTaskOptions? options, CancellationToken cancellationToken)
    {
        if (bridge is not HubBridge here)
            return bridge.RunBlocking(body, options, cancellationToken);
        var greenlet = new Greenlet(here.Target, BlockingBody.For(body), body) { Trust = trust };
        return trust.IsGiven && !cancellationToken.CanBeCanceled && greenlet.EndsInPlace()
            ? Task.CompletedTask
            : new VoidPromise(options ?? GreenletToTaskOptions.Default).Attach(greenlet, cancellationToken);
    }

    /// <inheritdoc cref="Call(IGreenletBridge, Action, PlaceTrust, GreenletToTaskOptions?, CancellationToken)"/>
    internal static Task<T> Call<T>(IGreenletBridge bridge, Func<T> body, PlaceTrust trust, GreenletToTaskOptions? options, CancellationToken cancellationToken)
    {
        if (bridge is not HubBridge here)
            return bridge.RunBlocking(body, options, cancellationToken);
        var greenlet = new Greenlet<T>(here.Target, BlockingBody<T>.For(body), body) { Trust = trust };
        return trust.IsGiven && !cancellationToken.CanBeCanceled && greenlet.EndsInPlace()
            ? Task.FromResult(greenlet.ValueOrDefault()!)
            : new ValuePromise<T>(options ?? GreenletToTaskOptions.Default).Attach(greenlet, cancellationToken);
    }

    public Task RunAsync(Action body, CancellationToken cancellationToken = default) =>
        RunBlocking(body, GreenletToTaskOptions.AfterExit, cancellationToken);

    public Task<T> RunAsync<T>(Func<T> body, CancellationToken cancellationToken = default) =>
        RunBlocking(body, GreenletToTaskOptions.AfterExit, cancellationToken);

    public Task RunAsync(Func<Task> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return AsTask(new Greenlet(Target, AsyncBody.Instance, body), GreenletToTaskOptions.AfterExit, cancellationToken);
    }

    public Task<T> RunAsync<T>(Func<Task<T>> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return AsTask(new Greenlet<T>(Target, AsyncBody<T>.Instance, body), GreenletToTaskOptions.AfterExit, cancellationToken);
    }

    public void Await(Func<CancellationToken, Task> start, TaskToGreenletOptions? options)
    {
        ArgumentNullException.ThrowIfNull(start);
        if (RunsHere(options))
        {
            new TaskRunner(start, options ?? TaskToGreenletOptions.Default).Run().GetAwaiter().GetResult();
            return;
        }

        var greenlet = MakeGreenlet(new TaskRunner(start, AsExceptions(options)), options);
        greenlet.Start();
        greenlet.GetOrKill();
        ThrowIfStopped(greenlet);
        greenlet.ThrowIfFailed();
    }

    public T Await<T>(Func<CancellationToken, Task<T>> start, TaskToGreenletOptions? options)
    {
        ArgumentNullException.ThrowIfNull(start);
        if (RunsHere(options))
            return ((Task<T>)new TaskRunner(start, options ?? TaskToGreenletOptions.Default).Run()).GetAwaiter().GetResult();
        var greenlet = MakeGreenlet<T>(new TaskRunner(start, AsExceptions(options)), options);
        greenlet.Start();
        greenlet.GetOrKill();
        ThrowIfStopped(greenlet);
        return greenlet.ResultOrThrow();
    }

    // Work goes to the caller's own hub where there is one: five conversions deep it is still one hub.
    private IGreenletTarget Target => (IGreenletTarget?)Hub.Current ?? home;

    private static void ThrowIfSelf(Greenlet greenlet)
    {
        if (Greenlet.Current == greenlet)
            throw new HubDeadlockException($"{greenlet} asks for a Task of itself: awaiting it could never end. Convert it elsewhere.");
    }

    // Nobody else knows the greenlet of a call: killed on a hub that kills, it was the hub that did it.
    private static void ThrowIfStopped(Greenlet greenlet)
    {
        if (greenlet is { Status: GreenletStatus.Killed, Hub: { KillsAll: true } hub })
            throw new HubStoppedException($"{hub} was stopped while it ran the async function that the caller waits for.", greenlet.EndException!);
    }

    // Cancelled means an OperationCanceledException to the caller of a function, never an exit.
    private static TaskToGreenletOptions AsExceptions(TaskToGreenletOptions? options) =>
        (options ?? TaskToGreenletOptions.Default) with { AutoKillGreenlet = false };

    /// <summary>Whether an async function may be called on the calling greenlet's own stack.</summary>
    internal static bool RunsHere(IGreenletBridge bridge, TaskToGreenletOptions? options) => bridge is HubBridge && RunsHere(options);

    /// <summary>Waits, on a greenlet, for what an async function without a token has returned.</summary>
    internal static void Finish(Task? task, TaskToGreenletOptions? options) => Greenlet.Await(TaskRunner.Started(task, options ?? TaskToGreenletOptions.Default));

    /// <inheritdoc cref="Finish(Task, TaskToGreenletOptions)"/>
    internal static T Finish<T>(Task<T>? task, TaskToGreenletOptions? options)
    {
        Finish((Task?)task, options);
        return task!.Result;
    }

    private static bool RunsHere(TaskToGreenletOptions? options)
    {
        HubCallback.ThrowIfInside();
        // Calls that nest too deeply go on in a greenlet of their own, and so on another stack.
        return Hub.Current is { } current && (options?.Hub is null || options.Hub == current) && RuntimeHelpers.TryEnsureSufficientExecutionStack();
    }

    private Greenlet MakeGreenlet(TaskRunner runner, TaskToGreenletOptions? options) =>
        new((IGreenletTarget?)options?.Hub ?? Target, AsyncBody.Instance, async Task () => (await runner.RunAsync().ConfigureAwait(true)).GetAwaiter().GetResult()) { IsChild = true };

    private Greenlet<T> MakeGreenlet<T>(TaskRunner runner, TaskToGreenletOptions? options) =>
        new((IGreenletTarget?)options?.Hub ?? Target, AsyncBody<T>.Instance, async Task<T> () => ((Task<T>)await runner.RunAsync().ConfigureAwait(true)).GetAwaiter().GetResult()) { IsChild = true };
}
