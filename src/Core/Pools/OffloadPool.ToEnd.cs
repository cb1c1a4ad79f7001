namespace GreenletBridge;

/// <content>Calls that are waited for to their end.</content>
public sealed partial class OffloadPool
{
    /// <summary>As <see cref="Run{T}(Func{T}, CancellationToken)"/>, but once the code has begun nothing ends the wait before the code ends: for code that uses what its caller would dispose.</summary>
    /// <remarks>A kill is pending until then, and thrown before this returns. So is the end of a limit of time.</remarks>
    /// <param name="body">The code; the caller's ExecutionContext flows into it.</param>
    /// <param name="stop">Asks the code to end soon, where it can be asked. Called on the caller's thread, once, when the caller is killed, its time is up or the token is cancelled.</param>
    /// <param name="cancellationToken">Calls <paramref name="stop"/>; code that has not begun does not begin.</param>
    /// <returns>The code's value.</returns>
    /// <exception cref="GreenletExitException">The greenlet that waits was killed.</exception>
    /// <inheritdoc cref="Run(Action, CancellationToken)" path="/exception[not(@cref='GreenletExitException')]"/>
    /// <example><code>
    /// var row = database.RunToEnd(() => connection.Read(id), connection.Interrupt);   // nobody closes the connection meanwhile
    /// </code></example>
    public T RunToEnd<T>(Func<T> body, Action? stop = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        HubCallback.ThrowIfInside();
        cancellationToken.ThrowIfCancellationRequested();
        var call = new OffloadCall<T>(body);
        Enqueue(call);
        try
        {
            WaitLimit.Block(new TaskSource(call.Task), null, cancellationToken);
        }
        catch (Exception e) when (!call.TryRevoke())
        {
            Greenlet.BeginDefer(e);
            try
            {
                stop?.Invoke();
            }
            finally
            {
                Waits.Block(new TaskSource(call.Task), null, CancellationToken.None);
                Greenlet.EndDefer(e);
            }

            throw;
        }

        return call.Task.GetAwaiter().GetResult();
    }

    /// <summary>As <see cref="RunToEnd{T}"/>, awaited.</summary>
    /// <inheritdoc cref="RunToEnd{T}"/>
    public async Task<T> RunToEndAsync<T>(Func<T> body, Action? stop = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        cancellationToken.ThrowIfCancellationRequested();
        var call = new OffloadCall<T>(body);
        Enqueue(call);
        try
        {
            await WaitLimit.Async(new TaskSource(call.Task), call.Task.IsCompleted, null, cancellationToken).ConfigureAwait(true);
        }
        catch (Exception e) when (!call.TryRevoke())
        {
            Greenlet.BeginDefer(e);
            try
            {
                stop?.Invoke();
            }
            finally
            {
                await Waits.Async(new TaskSource(call.Task), null, CancellationToken.None).ConfigureAwait(true);
                Greenlet.EndDefer(e);
            }

            throw;
        }

        return await call.Task.ConfigureAwait(true);
    }
}
