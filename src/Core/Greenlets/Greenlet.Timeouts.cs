using System.ComponentModel;

namespace GreenletBridge;

/// <content>Limits of time.</content>
public partial class Greenlet
{
    /// <summary>Runs <paramref name="body"/> on the calling greenlet for so long at most: then an exception is thrown at the place where it waits.</summary>
    /// <param name="time">Null or infinite: without limit. Zero or less: up to the hub's next turn. By the hub's clock.</param>
    /// <param name="body">What is limited.</param>
    /// <exception cref="GreenletTimeoutException">The time was up first. One that comes from a scope around this one is not touched.</exception>
    /// <exception cref="InvalidOperationException">The caller is no greenlet.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    /// <seealso cref="GreenletTimeout"/>
    public static void WithTimeout(TimeSpan? time, Action body)
    {
        ArgumentNullException.ThrowIfNull(body);
        WithTimeout(time, () =>
        {
            body();
            return true;
        });
    }

    /// <summary>As <see cref="WithTimeout(TimeSpan?, Action)"/>, and runs <paramref name="otherwise"/>, without limit, when the time was up.</summary>
    /// <inheritdoc cref="WithTimeout(TimeSpan?, Action)" path="/param|/exception[not(@cref='GreenletTimeoutException')]"/>
    public static void WithTimeout(TimeSpan? time, Action body, Action otherwise)
    {
        ArgumentNullException.ThrowIfNull(otherwise);
        ArgumentNullException.ThrowIfNull(body);
        WithTimeout(
            time,
            () =>
            {
                body();
                return true;
            },
            () =>
            {
                otherwise();
                return false;
            });
    }

    /// <inheritdoc cref="WithTimeout(TimeSpan?, Action)"/>
    /// <returns>What the body returned.</returns>
    public static T WithTimeout<T>(TimeSpan? time, Func<T> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        using var timeout = GreenletTimeout.StartOnStack(time);
        try
        {
            return body();
        }
        catch (Exception e) when (timeout.IsCauseOf(e) && !ReferenceEquals(e, timeout.Exception))
        {
            throw timeout.Exception!;
        }
    }

    /// <summary>An async body would leave the limit at its first await: use <see cref="WithTimeoutAsync(TimeSpan?, Func{CancellationToken, Task})"/>.</summary>
    [Obsolete("An async body leaves the limit at its first await: use WithTimeoutAsync(time, async token => ...).", error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static Task WithTimeout(TimeSpan? time, Func<Task> body) => throw new NotSupportedException("Use WithTimeoutAsync.");

    /// <inheritdoc cref="WithTimeout{T}(TimeSpan?, Func{T}, Func{T})"/>
    public static T WithTimeout<T>(TimeSpan? time, Func<T> body, T otherwise) => WithTimeout(time, body, () => otherwise);

    /// <summary>As <see cref="WithTimeout(TimeSpan?, Action)"/>, with something else to give when the time was up.</summary>
    /// <param name="time">Null or infinite: without limit. Zero or less: up to the hub's next turn. By the hub's clock.</param>
    /// <param name="body">What is limited.</param>
    /// <param name="otherwise">Gives the other value, without limit, when the time was up.</param>
    /// <inheritdoc cref="WithTimeout(TimeSpan?, Action)" path="/exception[not(@cref='GreenletTimeoutException')]"/>
    /// <returns>What the body returned, or the other value.</returns>
    public static T WithTimeout<T>(TimeSpan? time, Func<T> body, Func<T> otherwise)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(otherwise);
        using (var timeout = GreenletTimeout.StartOnStack(time))
        {
            try
            {
                return body();
            }
            catch (Exception e) when (timeout.IsCauseOf(e))
            {
                // Its own: the other value, past the scope.
            }
        }

        return otherwise();
    }

    /// <summary>As <see cref="WithTimeout(TimeSpan?, Action)"/>, for async code; it may be awaited anywhere.</summary>
    /// <param name="time">Null or infinite: without limit. By the hub's clock on a greenlet, else by the system's.</param>
    /// <param name="body">What is limited. Its token is cancelled when the time is up: that is how an await of a plain Task ends. Waits of the hub end by themselves.</param>
    /// <returns>Ends when the body has ended.</returns>
    /// <exception cref="GreenletTimeoutException">The time was up first. One that comes from a scope around this one is not touched.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    public static Task WithTimeoutAsync(TimeSpan? time, Func<CancellationToken, Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return WithTimeoutAsync(time, async token =>
        {
            await body(token).ConfigureAwait(true);
            return true;
        });
    }

    /// <inheritdoc cref="WithTimeoutAsync(TimeSpan?, Func{CancellationToken, Task})"/>
    /// <returns>What the body returned.</returns>
    public static async Task<T> WithTimeoutAsync<T>(TimeSpan? time, Func<CancellationToken, Task<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        using var timeout = GreenletTimeout.StartAnywhere(time);
        try
        {
            return await body(timeout.Token).ConfigureAwait(true);
        }
        catch (Exception e) when (timeout.IsCauseOf(e) && !ReferenceEquals(e, timeout.Exception))
        {
            throw timeout.Exception!;
        }
    }

    /// <summary>As <see cref="WithTimeoutAsync(TimeSpan?, Func{CancellationToken, Task})"/>, with something else to give when the time was up.</summary>
    /// <param name="time">Null or infinite: without limit. By the hub's clock on a greenlet, else by the system's.</param>
    /// <param name="body">What is limited; its token is cancelled when the time is up.</param>
    /// <param name="otherwise">What is given when the time was up.</param>
    /// <returns>What the body returned, or the other value.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    public static async Task<T> WithTimeoutAsync<T>(TimeSpan? time, Func<CancellationToken, Task<T>> body, T otherwise)
    {
        ArgumentNullException.ThrowIfNull(body);
        using var timeout = GreenletTimeout.StartAnywhere(time);
        try
        {
            return await body(timeout.Token).ConfigureAwait(true);
        }
        catch (Exception e) when (timeout.IsCauseOf(e))
        {
            return otherwise;
        }
    }

    /// <summary>Whether a timeout of its own may end whatever it waits for.</summary>
    internal bool HasTimeLimit => _details is { } details && Volatile.Read(ref details.Timeouts) is { IsEmpty: false };

    /// <summary>Its running timeouts.</summary>
    internal TimeoutList Timeouts
    {
        get
        {
            var details = Details;
            return Volatile.Read(ref details.Timeouts) ?? Interlocked.CompareExchange(ref details.Timeouts, new TimeoutList(this), null) ?? Volatile.Read(ref details.Timeouts)!;
        }
    }

    /// <summary>How long who was told by a token may end in order before a wait of the runtime is interrupted.</summary>
    internal TimeSpan KillGrace => Hub?.KillGrace ?? TimeSpan.Zero;
}
