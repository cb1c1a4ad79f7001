namespace GreenletBridge;

/// <summary>Makes blocking functions of async ones, for zero to four arguments.</summary>
public static class AsyncToSyncExtensions
{
    /// <summary>A blocking function that runs the async one to its end: cooperatively on a greenlet, blocking the thread elsewhere.</summary>
    /// <param name="bridge">The bridge.</param>
    /// <param name="body">The async function. In the forms with a token, the token is cancelled when the caller is killed.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentNullException">The bridge or the function is null.</exception>
    public static Action AsyncToSync(this IGreenletBridge bridge, Func<Task> body, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        Func<CancellationToken, Task> start = _ => body();
        return () =>
        {
            if (HubBridge.RunsHere(bridge, options))
                HubBridge.Finish(body(), options);
            else
                bridge.Await(start, options);
        };
    }

    /// <inheritdoc cref="AsyncToSync(IGreenletBridge, Func{Task}, TaskToGreenletOptions?)"/>
    public static Func<TResult> AsyncToSync<TResult>(this IGreenletBridge bridge, Func<Task<TResult>> body, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        Func<CancellationToken, Task<TResult>> start = _ => body();
        return () => HubBridge.RunsHere(bridge, options) ? HubBridge.Finish(body(), options) : bridge.Await(start, options);
    }

    /// <inheritdoc cref="AsyncToSync(IGreenletBridge, Func{Task}, TaskToGreenletOptions?)"/>
    public static Action<T1> AsyncToSync<T1>(this IGreenletBridge bridge, Func<T1, Task> body, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        return (a1) =>
        {
            if (HubBridge.RunsHere(bridge, options))
            {
                HubBridge.Finish(body(a1), options);
            }
            else
            {
                // Captured only here: a call that completes on the spot allocates nothing.
                var b1 = a1;
                bridge.Await(_ => body(b1), options);
            }
        };
    }

    /// <inheritdoc cref="AsyncToSync(IGreenletBridge, Func{Task}, TaskToGreenletOptions?)"/>
    public static Func<T1, TResult> AsyncToSync<T1, TResult>(this IGreenletBridge bridge, Func<T1, Task<TResult>> body, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        return (a1) =>
        {
            if (HubBridge.RunsHere(bridge, options))
            {
                return HubBridge.Finish(body(a1), options);
            }
            else
            {
                // Captured only here: a call that completes on the spot allocates nothing.
                var b1 = a1;
                return bridge.Await(_ => body(b1), options);
            }
        };
    }

    /// <inheritdoc cref="AsyncToSync(IGreenletBridge, Func{Task}, TaskToGreenletOptions?)"/>
    public static Action<T1, T2> AsyncToSync<T1, T2>(this IGreenletBridge bridge, Func<T1, T2, Task> body, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        return (a1, a2) =>
        {
            if (HubBridge.RunsHere(bridge, options))
            {
                HubBridge.Finish(body(a1, a2), options);
            }
            else
            {
                // Captured only here: a call that completes on the spot allocates nothing.
                var (b1, b2) = (a1, a2);
                bridge.Await(_ => body(b1, b2), options);
            }
        };
    }

    /// <inheritdoc cref="AsyncToSync(IGreenletBridge, Func{Task}, TaskToGreenletOptions?)"/>
    public static Func<T1, T2, TResult> AsyncToSync<T1, T2, TResult>(this IGreenletBridge bridge, Func<T1, T2, Task<TResult>> body, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        return (a1, a2) =>
        {
            if (HubBridge.RunsHere(bridge, options))
            {
                return HubBridge.Finish(body(a1, a2), options);
            }
            else
            {
                // Captured only here: a call that completes on the spot allocates nothing.
                var (b1, b2) = (a1, a2);
                return bridge.Await(_ => body(b1, b2), options);
            }
        };
    }

    /// <inheritdoc cref="AsyncToSync(IGreenletBridge, Func{Task}, TaskToGreenletOptions?)"/>
    public static Action<T1, T2, T3> AsyncToSync<T1, T2, T3>(this IGreenletBridge bridge, Func<T1, T2, T3, Task> body, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        return (a1, a2, a3) =>
        {
            if (HubBridge.RunsHere(bridge, options))
            {
                HubBridge.Finish(body(a1, a2, a3), options);
            }
            else
            {
                // Captured only here: a call that completes on the spot allocates nothing.
                var (b1, b2, b3) = (a1, a2, a3);
                bridge.Await(_ => body(b1, b2, b3), options);
            }
        };
    }

    /// <inheritdoc cref="AsyncToSync(IGreenletBridge, Func{Task}, TaskToGreenletOptions?)"/>
    public static Func<T1, T2, T3, TResult> AsyncToSync<T1, T2, T3, TResult>(this IGreenletBridge bridge, Func<T1, T2, T3, Task<TResult>> body, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        return (a1, a2, a3) =>
        {
            if (HubBridge.RunsHere(bridge, options))
            {
                return HubBridge.Finish(body(a1, a2, a3), options);
            }
            else
            {
                // Captured only here: a call that completes on the spot allocates nothing.
                var (b1, b2, b3) = (a1, a2, a3);
                return bridge.Await(_ => body(b1, b2, b3), options);
            }
        };
    }

    /// <inheritdoc cref="AsyncToSync(IGreenletBridge, Func{Task}, TaskToGreenletOptions?)"/>
    public static Action<T1, T2, T3, T4> AsyncToSync<T1, T2, T3, T4>(this IGreenletBridge bridge, Func<T1, T2, T3, T4, Task> body, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        return (a1, a2, a3, a4) =>
        {
            if (HubBridge.RunsHere(bridge, options))
            {
                HubBridge.Finish(body(a1, a2, a3, a4), options);
            }
            else
            {
                // Captured only here: a call that completes on the spot allocates nothing.
                var (b1, b2, b3, b4) = (a1, a2, a3, a4);
                bridge.Await(_ => body(b1, b2, b3, b4), options);
            }
        };
    }

    /// <inheritdoc cref="AsyncToSync(IGreenletBridge, Func{Task}, TaskToGreenletOptions?)"/>
    public static Func<T1, T2, T3, T4, TResult> AsyncToSync<T1, T2, T3, T4, TResult>(this IGreenletBridge bridge, Func<T1, T2, T3, T4, Task<TResult>> body, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        return (a1, a2, a3, a4) =>
        {
            if (HubBridge.RunsHere(bridge, options))
            {
                return HubBridge.Finish(body(a1, a2, a3, a4), options);
            }
            else
            {
                // Captured only here: a call that completes on the spot allocates nothing.
                var (b1, b2, b3, b4) = (a1, a2, a3, a4);
                return bridge.Await(_ => body(b1, b2, b3, b4), options);
            }
        };
    }

    /// <inheritdoc cref="AsyncToSync(IGreenletBridge, Func{Task}, TaskToGreenletOptions?)"/>
    public static Action AsyncToSync(this IGreenletBridge bridge, Func<CancellationToken, Task> body, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        return () => bridge.Await(token => body(token), options);
    }

    /// <inheritdoc cref="AsyncToSync(IGreenletBridge, Func{Task}, TaskToGreenletOptions?)"/>
    public static Func<TResult> AsyncToSync<TResult>(this IGreenletBridge bridge, Func<CancellationToken, Task<TResult>> body, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        return () => bridge.Await(token => body(token), options);
    }

    /// <inheritdoc cref="AsyncToSync(IGreenletBridge, Func{Task}, TaskToGreenletOptions?)"/>
    public static Action<T1> AsyncToSync<T1>(this IGreenletBridge bridge, Func<T1, CancellationToken, Task> body, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        return (a1) => bridge.Await(token => body(a1, token), options);
    }

    /// <inheritdoc cref="AsyncToSync(IGreenletBridge, Func{Task}, TaskToGreenletOptions?)"/>
    public static Func<T1, TResult> AsyncToSync<T1, TResult>(this IGreenletBridge bridge, Func<T1, CancellationToken, Task<TResult>> body, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        return (a1) => bridge.Await(token => body(a1, token), options);
    }

    /// <inheritdoc cref="AsyncToSync(IGreenletBridge, Func{Task}, TaskToGreenletOptions?)"/>
    public static Action<T1, T2> AsyncToSync<T1, T2>(this IGreenletBridge bridge, Func<T1, T2, CancellationToken, Task> body, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        return (a1, a2) => bridge.Await(token => body(a1, a2, token), options);
    }

    /// <inheritdoc cref="AsyncToSync(IGreenletBridge, Func{Task}, TaskToGreenletOptions?)"/>
    public static Func<T1, T2, TResult> AsyncToSync<T1, T2, TResult>(this IGreenletBridge bridge, Func<T1, T2, CancellationToken, Task<TResult>> body, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        return (a1, a2) => bridge.Await(token => body(a1, a2, token), options);
    }

    /// <inheritdoc cref="AsyncToSync(IGreenletBridge, Func{Task}, TaskToGreenletOptions?)"/>
    public static Action<T1, T2, T3> AsyncToSync<T1, T2, T3>(this IGreenletBridge bridge, Func<T1, T2, T3, CancellationToken, Task> body, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        return (a1, a2, a3) => bridge.Await(token => body(a1, a2, a3, token), options);
    }

    /// <inheritdoc cref="AsyncToSync(IGreenletBridge, Func{Task}, TaskToGreenletOptions?)"/>
    public static Func<T1, T2, T3, TResult> AsyncToSync<T1, T2, T3, TResult>(this IGreenletBridge bridge, Func<T1, T2, T3, CancellationToken, Task<TResult>> body, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        return (a1, a2, a3) => bridge.Await(token => body(a1, a2, a3, token), options);
    }

    /// <inheritdoc cref="AsyncToSync(IGreenletBridge, Func{Task}, TaskToGreenletOptions?)"/>
    public static Action<T1, T2, T3, T4> AsyncToSync<T1, T2, T3, T4>(this IGreenletBridge bridge, Func<T1, T2, T3, T4, CancellationToken, Task> body, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        return (a1, a2, a3, a4) => bridge.Await(token => body(a1, a2, a3, a4, token), options);
    }

    /// <inheritdoc cref="AsyncToSync(IGreenletBridge, Func{Task}, TaskToGreenletOptions?)"/>
    public static Func<T1, T2, T3, T4, TResult> AsyncToSync<T1, T2, T3, T4, TResult>(this IGreenletBridge bridge, Func<T1, T2, T3, T4, CancellationToken, Task<TResult>> body, TaskToGreenletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(body);
        return (a1, a2, a3, a4) => bridge.Await(token => body(a1, a2, a3, a4, token), options);
    }
}
