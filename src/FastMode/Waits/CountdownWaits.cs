using System.ComponentModel;

namespace GreenletBridge.FastMode;

/// <summary>What woven code calls in place of the waits of <see cref="CountdownEvent"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CountdownWaits
{
    /// <summary>As <see cref="CountdownEvent.Wait()"/>.</summary>
    /// <param name="countdown">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(CountdownEvent), nameof(CountdownEvent.Wait))]
    public static void Wait(CountdownEvent countdown, WovenStack stack)
    {
        if (countdown is { IsSet: false } && stack.CanSuspend)
            stack.Suspend(null, new HandleSource(countdown.WaitHandle));
        else
            countdown.Wait();
    }

    /// <summary>As <see cref="CountdownEvent.Wait(CancellationToken)"/>.</summary>
    /// <param name="countdown">As there.</param>
    /// <param name="cancellationToken">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(CountdownEvent), nameof(CountdownEvent.Wait))]
    public static void Wait(CountdownEvent countdown, CancellationToken cancellationToken, WovenStack stack)
    {
        if (countdown is not { IsSet: false } || cancellationToken.IsCancellationRequested || !stack.CanSuspend)
            countdown.Wait(cancellationToken);
        else
            HandleWaits.Suspend(countdown.WaitHandle, cancellationToken, stack);
    }

    /// <summary>As <see cref="CountdownEvent.Wait(int)"/>.</summary>
    /// <param name="countdown">As there.</param>
    /// <param name="millisecondsTimeout">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(CountdownEvent), nameof(CountdownEvent.Wait))]
    public static bool Wait(CountdownEvent countdown, int millisecondsTimeout, WovenStack stack) => Wait(countdown, millisecondsTimeout, CancellationToken.None, stack);

    /// <summary>As <see cref="CountdownEvent.Wait(TimeSpan)"/>.</summary>
    /// <param name="countdown">As there.</param>
    /// <param name="timeout">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(CountdownEvent), nameof(CountdownEvent.Wait))]
    public static bool Wait(CountdownEvent countdown, TimeSpan timeout, WovenStack stack) => Wait(countdown, timeout, CancellationToken.None, stack);

    /// <summary>As <see cref="CountdownEvent.Wait(TimeSpan, CancellationToken)"/>.</summary>
    /// <param name="countdown">As there.</param>
    /// <param name="timeout">As there.</param>
    /// <param name="cancellationToken">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(CountdownEvent), nameof(CountdownEvent.Wait))]
    public static bool Wait(CountdownEvent countdown, TimeSpan timeout, CancellationToken cancellationToken, WovenStack stack)
    {
        var milliseconds = (long)timeout.TotalMilliseconds;
        return milliseconds is >= Timeout.Infinite and <= int.MaxValue
            ? Wait(countdown, (int)milliseconds, cancellationToken, stack)
            : countdown.Wait(timeout, cancellationToken);
    }

    /// <summary>As <see cref="CountdownEvent.Wait(int, CancellationToken)"/>.</summary>
    /// <param name="countdown">As there.</param>
    /// <param name="millisecondsTimeout">As there.</param>
    /// <param name="cancellationToken">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(CountdownEvent), nameof(CountdownEvent.Wait))]
    public static bool Wait(CountdownEvent countdown, int millisecondsTimeout, CancellationToken cancellationToken, WovenStack stack) =>
        countdown is not { IsSet: false } || millisecondsTimeout is 0 or < Timeout.Infinite || cancellationToken.IsCancellationRequested || !stack.CanSuspend
            ? countdown.Wait(millisecondsTimeout, cancellationToken)
            : HandleWaits.Suspend(countdown.WaitHandle, millisecondsTimeout, cancellationToken, stack);
}
