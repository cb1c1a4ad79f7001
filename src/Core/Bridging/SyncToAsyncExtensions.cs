namespace GreenletBridge;

/// <summary>Makes async functions of blocking ones, for zero to four arguments.</summary>
public static class SyncToAsyncExtensions
{
    /// <summary>An async function that runs the blocking one as a greenlet, a fresh one for each call.</summary>
    /// <param name="bridge">The bridge.</param>
    /// <param name="body">The blocking function. In the forms with a token, cancelling it kills the greenlet and the function sees it too.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <remarks>
    /// Keep what it returns and call that: while its calls take under 0.5 ms in the mean, waits included, one from a thread that runs for no hub and without a
    /// token runs on that thread, and its Task is complete when it returns. Every other call goes to a hub.
    /// </remarks>
    /// <exception cref="ArgumentNullException">The bridge or the function is null.</exception>
    /// <exception cref="ArgumentException">The options contradict each other, or would leave every call pending.</exception>
    public static Func<Task> SyncToAsync(this IGreenletBridge bridge, Action body, GreenletToTaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        options?.ValidateForCall();
        var trust = new PlaceTrust(null);
        return () => HubBridge.Call(bridge, body, trust, options, CancellationToken.None);
    }

    /// <inheritdoc cref="SyncToAsync(IGreenletBridge, Action, GreenletToTaskOptions?)"/>
    public static Func<Task<TResult>> SyncToAsync<TResult>(this IGreenletBridge bridge, Func<TResult> body, GreenletToTaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        options?.ValidateForCall();
        var trust = new PlaceTrust(null);
        return () => HubBridge.Call(bridge, body, trust, options, CancellationToken.None);
    }

    /// <inheritdoc cref="SyncToAsync(IGreenletBridge, Action, GreenletToTaskOptions?)"/>
    public static Func<T1, Task> SyncToAsync<T1>(this IGreenletBridge bridge, Action<T1> body, GreenletToTaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        options?.ValidateForCall();
        var trust = new PlaceTrust(null);
        return (a1) => HubBridge.Call(bridge, BoundCall.Of(body, () => body(a1), () => [a1]), trust, options, CancellationToken.None);
    }

    /// <inheritdoc cref="SyncToAsync(IGreenletBridge, Action, GreenletToTaskOptions?)"/>
    public static Func<T1, Task<TResult>> SyncToAsync<T1, TResult>(this IGreenletBridge bridge, Func<T1, TResult> body, GreenletToTaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        options?.ValidateForCall();
        var trust = new PlaceTrust(null);
        return (a1) => HubBridge.Call(bridge, BoundCall.Of(body, () => body(a1), () => [a1]), trust, options, CancellationToken.None);
    }

    /// <inheritdoc cref="SyncToAsync(IGreenletBridge, Action, GreenletToTaskOptions?)"/>
    public static Func<T1, T2, Task> SyncToAsync<T1, T2>(this IGreenletBridge bridge, Action<T1, T2> body, GreenletToTaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        options?.ValidateForCall();
        var trust = new PlaceTrust(null);
        return (a1, a2) => HubBridge.Call(bridge, BoundCall.Of(body, () => body(a1, a2), () => [a1, a2]), trust, options, CancellationToken.None);
    }

    /// <inheritdoc cref="SyncToAsync(IGreenletBridge, Action, GreenletToTaskOptions?)"/>
    public static Func<T1, T2, Task<TResult>> SyncToAsync<T1, T2, TResult>(this IGreenletBridge bridge, Func<T1, T2, TResult> body, GreenletToTaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        options?.ValidateForCall();
        var trust = new PlaceTrust(null);
        return (a1, a2) => HubBridge.Call(bridge, BoundCall.Of(body, () => body(a1, a2), () => [a1, a2]), trust, options, CancellationToken.None);
    }

    /// <inheritdoc cref="SyncToAsync(IGreenletBridge, Action, GreenletToTaskOptions?)"/>
    public static Func<T1, T2, T3, Task> SyncToAsync<T1, T2, T3>(this IGreenletBridge bridge, Action<T1, T2, T3> body, GreenletToTaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        options?.ValidateForCall();
        var trust = new PlaceTrust(null);
        return (a1, a2, a3) => HubBridge.Call(bridge, BoundCall.Of(body, () => body(a1, a2, a3), () => [a1, a2, a3]), trust, options, CancellationToken.None);
    }

    /// <inheritdoc cref="SyncToAsync(IGreenletBridge, Action, GreenletToTaskOptions?)"/>
    public static Func<T1, T2, T3, Task<TResult>> SyncToAsync<T1, T2, T3, TResult>(this IGreenletBridge bridge, Func<T1, T2, T3, TResult> body, GreenletToTaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        options?.ValidateForCall();
        var trust = new PlaceTrust(null);
        return (a1, a2, a3) => HubBridge.Call(bridge, BoundCall.Of(body, () => body(a1, a2, a3), () => [a1, a2, a3]), trust, options, CancellationToken.None);
    }

    /// <inheritdoc cref="SyncToAsync(IGreenletBridge, Action, GreenletToTaskOptions?)"/>
    public static Func<T1, T2, T3, T4, Task> SyncToAsync<T1, T2, T3, T4>(this IGreenletBridge bridge, Action<T1, T2, T3, T4> body, GreenletToTaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        options?.ValidateForCall();
        var trust = new PlaceTrust(null);
        return (a1, a2, a3, a4) => HubBridge.Call(bridge, BoundCall.Of(body, () => body(a1, a2, a3, a4), () => [a1, a2, a3, a4]), trust, options, CancellationToken.None);
    }

    /// <inheritdoc cref="SyncToAsync(IGreenletBridge, Action, GreenletToTaskOptions?)"/>
    public static Func<T1, T2, T3, T4, Task<TResult>> SyncToAsync<T1, T2, T3, T4, TResult>(this IGreenletBridge bridge, Func<T1, T2, T3, T4, TResult> body, GreenletToTaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        options?.ValidateForCall();
        var trust = new PlaceTrust(null);
        return (a1, a2, a3, a4) => HubBridge.Call(bridge, BoundCall.Of(body, () => body(a1, a2, a3, a4), () => [a1, a2, a3, a4]), trust, options, CancellationToken.None);
    }

    /// <inheritdoc cref="SyncToAsync(IGreenletBridge, Action, GreenletToTaskOptions?)"/>
    public static Func<CancellationToken, Task> SyncToAsync(this IGreenletBridge bridge, Action<CancellationToken> body, GreenletToTaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        options?.ValidateForCall();
        var trust = new PlaceTrust(null);
        return (cancellationToken) => HubBridge.Call(bridge, BoundCall.Of(body, () => body(cancellationToken), () => [cancellationToken]), trust, options, cancellationToken);
    }

    /// <inheritdoc cref="SyncToAsync(IGreenletBridge, Action, GreenletToTaskOptions?)"/>
    public static Func<CancellationToken, Task<TResult>> SyncToAsync<TResult>(this IGreenletBridge bridge, Func<CancellationToken, TResult> body, GreenletToTaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        options?.ValidateForCall();
        var trust = new PlaceTrust(null);
        return (cancellationToken) => HubBridge.Call(bridge, BoundCall.Of(body, () => body(cancellationToken), () => [cancellationToken]), trust, options, cancellationToken);
    }

    /// <inheritdoc cref="SyncToAsync(IGreenletBridge, Action, GreenletToTaskOptions?)"/>
    public static Func<T1, CancellationToken, Task> SyncToAsync<T1>(this IGreenletBridge bridge, Action<T1, CancellationToken> body, GreenletToTaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        options?.ValidateForCall();
        var trust = new PlaceTrust(null);
        return (a1, cancellationToken) => HubBridge.Call(bridge, BoundCall.Of(body, () => body(a1, cancellationToken), () => [a1, cancellationToken]), trust, options, cancellationToken);
    }

    /// <inheritdoc cref="SyncToAsync(IGreenletBridge, Action, GreenletToTaskOptions?)"/>
    public static Func<T1, CancellationToken, Task<TResult>> SyncToAsync<T1, TResult>(this IGreenletBridge bridge, Func<T1, CancellationToken, TResult> body, GreenletToTaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        options?.ValidateForCall();
        var trust = new PlaceTrust(null);
        return (a1, cancellationToken) => HubBridge.Call(bridge, BoundCall.Of(body, () => body(a1, cancellationToken), () => [a1, cancellationToken]), trust, options, cancellationToken);
    }

    /// <inheritdoc cref="SyncToAsync(IGreenletBridge, Action, GreenletToTaskOptions?)"/>
    public static Func<T1, T2, CancellationToken, Task> SyncToAsync<T1, T2>(this IGreenletBridge bridge, Action<T1, T2, CancellationToken> body, GreenletToTaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        options?.ValidateForCall();
        var trust = new PlaceTrust(null);
        return (a1, a2, cancellationToken) => HubBridge.Call(bridge, BoundCall.Of(body, () => body(a1, a2, cancellationToken), () => [a1, a2, cancellationToken]), trust, options, cancellationToken);
    }

    /// <inheritdoc cref="SyncToAsync(IGreenletBridge, Action, GreenletToTaskOptions?)"/>
    public static Func<T1, T2, CancellationToken, Task<TResult>> SyncToAsync<T1, T2, TResult>(this IGreenletBridge bridge, Func<T1, T2, CancellationToken, TResult> body, GreenletToTaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        options?.ValidateForCall();
        var trust = new PlaceTrust(null);
        return (a1, a2, cancellationToken) => HubBridge.Call(bridge, BoundCall.Of(body, () => body(a1, a2, cancellationToken), () => [a1, a2, cancellationToken]), trust, options, cancellationToken);
    }

    /// <inheritdoc cref="SyncToAsync(IGreenletBridge, Action, GreenletToTaskOptions?)"/>
    public static Func<T1, T2, T3, CancellationToken, Task> SyncToAsync<T1, T2, T3>(this IGreenletBridge bridge, Action<T1, T2, T3, CancellationToken> body, GreenletToTaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        options?.ValidateForCall();
        var trust = new PlaceTrust(null);
        return (a1, a2, a3, cancellationToken) => HubBridge.Call(bridge, BoundCall.Of(body, () => body(a1, a2, a3, cancellationToken), () => [a1, a2, a3, cancellationToken]), trust, options, cancellationToken);
    }

    /// <inheritdoc cref="SyncToAsync(IGreenletBridge, Action, GreenletToTaskOptions?)"/>
    public static Func<T1, T2, T3, CancellationToken, Task<TResult>> SyncToAsync<T1, T2, T3, TResult>(this IGreenletBridge bridge, Func<T1, T2, T3, CancellationToken, TResult> body, GreenletToTaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        options?.ValidateForCall();
        var trust = new PlaceTrust(null);
        return (a1, a2, a3, cancellationToken) => HubBridge.Call(bridge, BoundCall.Of(body, () => body(a1, a2, a3, cancellationToken), () => [a1, a2, a3, cancellationToken]), trust, options, cancellationToken);
    }

    /// <inheritdoc cref="SyncToAsync(IGreenletBridge, Action, GreenletToTaskOptions?)"/>
    public static Func<T1, T2, T3, T4, CancellationToken, Task> SyncToAsync<T1, T2, T3, T4>(this IGreenletBridge bridge, Action<T1, T2, T3, T4, CancellationToken> body, GreenletToTaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        options?.ValidateForCall();
        var trust = new PlaceTrust(null);
        return (a1, a2, a3, a4, cancellationToken) => HubBridge.Call(bridge, BoundCall.Of(body, () => body(a1, a2, a3, a4, cancellationToken), () => [a1, a2, a3, a4, cancellationToken]), trust, options, cancellationToken);
    }

    /// <inheritdoc cref="SyncToAsync(IGreenletBridge, Action, GreenletToTaskOptions?)"/>
    public static Func<T1, T2, T3, T4, CancellationToken, Task<TResult>> SyncToAsync<T1, T2, T3, T4, TResult>(this IGreenletBridge bridge, Func<T1, T2, T3, T4, CancellationToken, TResult> body, GreenletToTaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        options?.ValidateForCall();
        var trust = new PlaceTrust(null);
        return (a1, a2, a3, a4, cancellationToken) => HubBridge.Call(bridge, BoundCall.Of(body, () => body(a1, a2, a3, a4, cancellationToken), () => [a1, a2, a3, a4, cancellationToken]), trust, options, cancellationToken);
    }

    /// <summary>Not for async functions: there is nothing blocking in them to convert.</summary>
    [Obsolete("SyncToAsync is for blocking functions. An async lambda is async already: call it, or run it on a hub with RunAsync.", error: true)]
    public static Func<Task> SyncToAsync(this IGreenletBridge bridge, Func<Task> body, GreenletToTaskOptions? options = null) =>
        throw new NotSupportedException("SyncToAsync is for blocking functions.");

    /// <inheritdoc cref="SyncToAsync(IGreenletBridge, Func{Task}, GreenletToTaskOptions?)"/>
    [Obsolete("SyncToAsync is for blocking functions. An async lambda is async already: call it, or run it on a hub with RunAsync.", error: true)]
    public static Func<Task<TResult>> SyncToAsync<TResult>(this IGreenletBridge bridge, Func<Task<TResult>> body, GreenletToTaskOptions? options = null) =>
        throw new NotSupportedException("SyncToAsync is for blocking functions.");
}
