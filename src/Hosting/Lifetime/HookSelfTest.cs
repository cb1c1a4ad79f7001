using System.Diagnostics;

namespace GreenletBridge.Hosting;

/// <summary>Finds out whether a blocking wait on a hub lets its other greenlets run.</summary>
internal static class HookSelfTest
{
    /// <summary>One <c>Task.Wait</c> in a greenlet, for a task that a second greenlet of the same hub completes.</summary>
    /// <returns>Whether the runtime called the wait hook before the deadline.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public static async Task<bool> PassesAsync(Hub hub, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var signal = new TaskCompletionSource();
        var seen = false;
        var waiter = hub.Spawn(() =>
        {
            var self = Greenlet.Current!;

            // Spawned here, it cannot run before this greenlet gives the hub up. The status tells a wait that the hook saw from one
            // that merely had the hub taken from it; it changes a moment after the hub is given up.
            hub.Spawn(() =>
            {
                var began = Stopwatch.GetTimestamp();
                while (self.Status != GreenletStatus.Waiting && Stopwatch.GetElapsedTime(began) < deadline / 2)
                {
                    Greenlet.Yield();
                }

                seen = self.Status == GreenletStatus.Waiting;
                signal.TrySetResult();
            });
            signal.Task.Wait();
        });

        try
        {
            await hub.Bridge.AsTask(waiter, cancellationToken: cancellationToken).WaitAsync(deadline, cancellationToken);
            return seen;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            signal.TrySetResult();
        }
    }
}
