using System.ComponentModel;

namespace GreenletBridge.FastMode;

/// <summary>What woven code calls in place of the waits of events.</summary>
/// <remarks>
/// Only of those that stay set. A mutex belongs to its thread, and of one that resets itself, or counts, a wait that is killed could lose
/// a signal: those block the thread.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class HandleWaits
{
    /// <summary>As <see cref="WaitHandle.WaitOne()"/>.</summary>
    /// <param name="handle">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(WaitHandle), nameof(WaitHandle.WaitOne))]
    public static bool WaitOne(WaitHandle handle, WovenStack stack) => WaitOne(handle, Timeout.Infinite, stack);

    /// <summary>As <see cref="WaitHandle.WaitOne(TimeSpan)"/>.</summary>
    /// <param name="handle">As there.</param>
    /// <param name="timeout">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(WaitHandle), nameof(WaitHandle.WaitOne))]
    public static bool WaitOne(WaitHandle handle, TimeSpan timeout, WovenStack stack)
    {
        var milliseconds = (long)timeout.TotalMilliseconds;
        return milliseconds is >= Timeout.Infinite and <= int.MaxValue ? WaitOne(handle, (int)milliseconds, stack) : handle.WaitOne(timeout);
    }

    /// <summary>As <see cref="WaitHandle.WaitOne(int)"/>.</summary>
    /// <param name="handle">As there.</param>
    /// <param name="millisecondsTimeout">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(WaitHandle), nameof(WaitHandle.WaitOne))]
    public static bool WaitOne(WaitHandle handle, int millisecondsTimeout, WovenStack stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        if (handle is Mutex)
            stack.Pin();
        if (handle is not ManualResetEvent || millisecondsTimeout is 0 or < Timeout.Infinite || !stack.CanSuspend || handle.WaitOne(0))
            return handle.WaitOne(millisecondsTimeout);
        return Suspend(handle, millisecondsTimeout, CancellationToken.None, stack);
    }

    /// <summary>As <see cref="WaitHandle.WaitOne(int, bool)"/>.</summary>
    /// <param name="handle">As there.</param>
    /// <param name="millisecondsTimeout">As there.</param>
    /// <param name="exitContext">Means nothing.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(WaitHandle), nameof(WaitHandle.WaitOne))]
    public static bool WaitOne(WaitHandle handle, int millisecondsTimeout, bool exitContext, WovenStack stack) => WaitOne(handle, millisecondsTimeout, stack);

    /// <summary>As <see cref="WaitHandle.WaitOne(TimeSpan, bool)"/>.</summary>
    /// <param name="handle">As there.</param>
    /// <param name="timeout">As there.</param>
    /// <param name="exitContext">Means nothing.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(WaitHandle), nameof(WaitHandle.WaitOne))]
    public static bool WaitOne(WaitHandle handle, TimeSpan timeout, bool exitContext, WovenStack stack) => WaitOne(handle, timeout, stack);

    /// <summary>As <see cref="ManualResetEventSlim.Wait()"/>.</summary>
    /// <param name="gate">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(ManualResetEventSlim), nameof(ManualResetEventSlim.Wait))]
    public static void Wait(ManualResetEventSlim gate, WovenStack stack)
    {
        if (gate is { IsSet: false } && stack.CanSuspend)
            stack.Suspend(null, new HandleSource(gate.WaitHandle));
        else
            gate.Wait();
    }

    /// <summary>As <see cref="ManualResetEventSlim.Wait(CancellationToken)"/>.</summary>
    /// <param name="gate">As there.</param>
    /// <param name="cancellationToken">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(ManualResetEventSlim), nameof(ManualResetEventSlim.Wait))]
    public static void Wait(ManualResetEventSlim gate, CancellationToken cancellationToken, WovenStack stack)
    {
        if (gate is not { IsSet: false } || cancellationToken.IsCancellationRequested || !stack.CanSuspend)
            gate.Wait(cancellationToken);
        else
            Suspend(gate.WaitHandle, cancellationToken, stack);
    }

    /// <summary>As <see cref="ManualResetEventSlim.Wait(int)"/>.</summary>
    /// <param name="gate">As there.</param>
    /// <param name="millisecondsTimeout">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(ManualResetEventSlim), nameof(ManualResetEventSlim.Wait))]
    public static bool Wait(ManualResetEventSlim gate, int millisecondsTimeout, WovenStack stack) => Wait(gate, millisecondsTimeout, CancellationToken.None, stack);

    /// <summary>As <see cref="ManualResetEventSlim.Wait(TimeSpan)"/>.</summary>
    /// <param name="gate">As there.</param>
    /// <param name="timeout">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(ManualResetEventSlim), nameof(ManualResetEventSlim.Wait))]
    public static bool Wait(ManualResetEventSlim gate, TimeSpan timeout, WovenStack stack) => Wait(gate, timeout, CancellationToken.None, stack);

    /// <summary>As <see cref="ManualResetEventSlim.Wait(TimeSpan, CancellationToken)"/>.</summary>
    /// <param name="gate">As there.</param>
    /// <param name="timeout">As there.</param>
    /// <param name="cancellationToken">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(ManualResetEventSlim), nameof(ManualResetEventSlim.Wait))]
    public static bool Wait(ManualResetEventSlim gate, TimeSpan timeout, CancellationToken cancellationToken, WovenStack stack)
    {
        var milliseconds = (long)timeout.TotalMilliseconds;
        return milliseconds is >= Timeout.Infinite and <= int.MaxValue ? Wait(gate, (int)milliseconds, cancellationToken, stack) : gate.Wait(timeout, cancellationToken);
    }

    /// <summary>As <see cref="ManualResetEventSlim.Wait(int, CancellationToken)"/>.</summary>
    /// <param name="gate">As there.</param>
    /// <param name="millisecondsTimeout">As there.</param>
    /// <param name="cancellationToken">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(ManualResetEventSlim), nameof(ManualResetEventSlim.Wait))]
    public static bool Wait(ManualResetEventSlim gate, int millisecondsTimeout, CancellationToken cancellationToken, WovenStack stack)
    {
        if (gate is not { IsSet: false } || millisecondsTimeout is 0 or < Timeout.Infinite || cancellationToken.IsCancellationRequested || !stack.CanSuspend)
            return gate.Wait(millisecondsTimeout, cancellationToken);
        return Suspend(gate.WaitHandle, millisecondsTimeout, cancellationToken, stack);
    }

    internal static void Suspend(WaitHandle handle, CancellationToken token, WovenStack stack) =>
        stack.Suspend(new TokenFrame(token), new HandleSource(handle)).EndsBy(Timeout.InfiniteTimeSpan, isRealTime: true, token);

    internal static bool Suspend(WaitHandle handle, int milliseconds, CancellationToken token, WovenStack stack)
    {
        stack.Suspend(new TimedFrame(token), new HandleSource(handle)).EndsBy(TimeSpan.FromMilliseconds(milliseconds), isRealTime: true, token);
        return false;
    }

    private sealed class TokenFrame(CancellationToken token) : Frame
    {
        public override void Resume(WovenStack stack)
        {
            if (stack.TakeOutcome() == WaitOutcome.Canceled)
                throw new OperationCanceledException(token);
        }
    }
}
