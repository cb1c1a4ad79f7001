using System.ComponentModel;

namespace GreenletBridge.FastMode;

/// <summary>What woven code calls in place of the waits of <see cref="SemaphoreSlim"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SemaphoreWaits
{
    /// <summary>As <see cref="SemaphoreSlim.Wait()"/>.</summary>
    /// <param name="semaphore">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(SemaphoreSlim), nameof(SemaphoreSlim.Wait))]
    public static void Wait(SemaphoreSlim semaphore, WovenStack stack)
    {
        if (MustWait(semaphore, Timeout.Infinite, CancellationToken.None, stack))
            Suspend(semaphore, Timeout.Infinite, CancellationToken.None, hasValue: false, stack);
        else
            semaphore.Wait();
    }

    /// <summary>As <see cref="SemaphoreSlim.Wait(CancellationToken)"/>.</summary>
    /// <param name="semaphore">As there.</param>
    /// <param name="cancellationToken">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(SemaphoreSlim), nameof(SemaphoreSlim.Wait))]
    public static void Wait(SemaphoreSlim semaphore, CancellationToken cancellationToken, WovenStack stack)
    {
        if (MustWait(semaphore, Timeout.Infinite, cancellationToken, stack))
            Suspend(semaphore, Timeout.Infinite, cancellationToken, hasValue: false, stack);
        else
            semaphore.Wait(cancellationToken);
    }

    /// <summary>As <see cref="SemaphoreSlim.Wait(int)"/>.</summary>
    /// <param name="semaphore">As there.</param>
    /// <param name="millisecondsTimeout">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(SemaphoreSlim), nameof(SemaphoreSlim.Wait))]
    public static bool Wait(SemaphoreSlim semaphore, int millisecondsTimeout, WovenStack stack) => Wait(semaphore, millisecondsTimeout, CancellationToken.None, stack);

    /// <summary>As <see cref="SemaphoreSlim.Wait(TimeSpan)"/>.</summary>
    /// <param name="semaphore">As there.</param>
    /// <param name="timeout">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(SemaphoreSlim), nameof(SemaphoreSlim.Wait))]
    public static bool Wait(SemaphoreSlim semaphore, TimeSpan timeout, WovenStack stack) => Wait(semaphore, timeout, CancellationToken.None, stack);

    /// <summary>As <see cref="SemaphoreSlim.Wait(TimeSpan, CancellationToken)"/>.</summary>
    /// <param name="semaphore">As there.</param>
    /// <param name="timeout">As there.</param>
    /// <param name="cancellationToken">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(SemaphoreSlim), nameof(SemaphoreSlim.Wait))]
    public static bool Wait(SemaphoreSlim semaphore, TimeSpan timeout, CancellationToken cancellationToken, WovenStack stack)
    {
        var milliseconds = (long)timeout.TotalMilliseconds;
        return milliseconds is >= Timeout.Infinite and <= int.MaxValue
            ? Wait(semaphore, (int)milliseconds, cancellationToken, stack)
            : semaphore.Wait(timeout, cancellationToken);
    }

    /// <summary>As <see cref="SemaphoreSlim.Wait(int, CancellationToken)"/>.</summary>
    /// <param name="semaphore">As there.</param>
    /// <param name="millisecondsTimeout">As there.</param>
    /// <param name="cancellationToken">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(SemaphoreSlim), nameof(SemaphoreSlim.Wait))]
    public static bool Wait(SemaphoreSlim semaphore, int millisecondsTimeout, CancellationToken cancellationToken, WovenStack stack)
    {
        if (!MustWait(semaphore, millisecondsTimeout, cancellationToken, stack))
            return semaphore.Wait(millisecondsTimeout, cancellationToken);
        Suspend(semaphore, millisecondsTimeout, cancellationToken, hasValue: true, stack);
        return false;
    }

    private static bool MustWait(SemaphoreSlim semaphore, int milliseconds, CancellationToken token, WovenStack stack) =>
        semaphore is { CurrentCount: 0 } && milliseconds is not 0 and >= Timeout.Infinite && !token.IsCancellationRequested && stack.CanSuspend;

    private static void Suspend(SemaphoreSlim semaphore, int milliseconds, CancellationToken token, bool hasValue, WovenStack stack)
    {
        var end = CancellationTokenSource.CreateLinkedTokenSource(token);
        var task = semaphore.WaitAsync(milliseconds, end.Token);
        stack.Suspend(new SemaphoreFrame(semaphore, task, end, token, hasValue), new TaskSource(task));
    }

    private sealed class SemaphoreFrame(SemaphoreSlim semaphore, Task<bool> task, CancellationTokenSource end, CancellationToken token, bool hasValue) : Frame
    {
        public override void Resume(WovenStack stack)
        {
            try
            {
                stack.TakeOutcome();
            }
            catch
            {
                // Killed: what is granted all the same, perhaps later, goes back.
                end.Cancel();
                _ = task.ContinueWith(GiveBack, semaphore, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                throw;
            }

            end.Dispose();
            if (task.IsCanceled)
                throw new OperationCanceledException(token);
            var entered = task.GetAwaiter().GetResult();
            if (hasValue)
                stack.Return(entered);
        }

        private static void GiveBack(Task<bool> ended, object? semaphore)
        {
            if (ended.IsCompletedSuccessfully && ended.Result)
                ((SemaphoreSlim)semaphore!).Release();
        }
    }
}
