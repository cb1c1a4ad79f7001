namespace GreenletBridge;

/// <summary>Truly blocking code beside a hub.</summary>
/// <example><code>
/// var hash = hub.Offload(() => Native.Hash(file));           // other greenlets of the hub run meanwhile
/// var same = await hub.OffloadAsync(() => Native.Hash(file));
/// </code></example>
public static class HubOffloadExtensions
{
    extension(Hub hub)
    {
        /// <summary>Runs truly blocking code on a real thread beside the hub, of <see cref="OffloadPool.Shared"/>, and waits for it: cooperatively on a greenlet, blocking elsewhere.</summary>
        /// <param name="body">The code: a native call, a plain file, whatever no hub sees.</param>
        /// <param name="cancellationToken">Ends the wait; code that has begun runs on.</param>
        /// <exception cref="ArgumentNullException">The hub or the code is null.</exception>
        /// <exception cref="HubStoppedException">The hub has stopped.</exception>
        /// <inheritdoc cref="OffloadPool.Run(Action, CancellationToken)" path="/exception[not(@cref='ObjectDisposedException')]"/>
        public void Offload(Action body, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(hub);
            hub.ThrowIfStopped();
            OffloadPool.Shared.Run(body, cancellationToken);
        }

        /// <inheritdoc cref="extension(Hub).Offload(Action, CancellationToken)"/>
        /// <returns>The code's value.</returns>
        public T Offload<T>(Func<T> body, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(hub);
            hub.ThrowIfStopped();
            return OffloadPool.Shared.Run(body, cancellationToken);
        }

        /// <summary>As <see cref="extension(Hub).Offload(Action, CancellationToken)"/>, awaited.</summary>
        /// <inheritdoc cref="extension(Hub).Offload(Action, CancellationToken)"/>
        public Task OffloadAsync(Action body, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(hub);
            hub.ThrowIfStopped();
            return OffloadPool.Shared.RunAsync(body, cancellationToken);
        }

        /// <inheritdoc cref="extension(Hub).OffloadAsync(Action, CancellationToken)"/>
        /// <returns>The code's value.</returns>
        public Task<T> OffloadAsync<T>(Func<T> body, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(hub);
            hub.ThrowIfStopped();
            return OffloadPool.Shared.RunAsync(body, cancellationToken);
        }
    }
}
