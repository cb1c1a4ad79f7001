namespace GreenletBridge;

/// <content>Waiting for many.</content>
public partial class Greenlet
{
    /// <summary>Waits until all of them, or so many, have ended. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="greenlets">The greenlets, of any hub; one that is in it twice counts twice.</param>
    /// <param name="timeout">How long to wait; null (the default): without limit; zero: only a look.</param>
    /// <param name="count">How many ends to wait for, at least 1; null (the default): all.</param>
    /// <param name="throwOnError">Whether the first that fails ends the wait, by its exception. One that was killed has not failed.</param>
    /// <param name="cancellationToken">Ends the wait, not the greenlets.</param>
    /// <returns>Those that have ended, in the order in which they did; those that had ended before come first, as given.</returns>
    /// <exception cref="ArgumentException">There is no list, or one in it is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1, or the time is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="HubDeadlockException">Too few of them can ever end, and there is no limit: never started, or the one that asks; or all are wanted, and one of them waits for the caller.</exception>
    /// <exception cref="Exception">What the first failed with, with <paramref name="throwOnError"/>.</exception>
    public static IReadOnlyList<Greenlet> JoinAll(
        IEnumerable<Greenlet> greenlets, TimeSpan? timeout = null, int? count = null, bool throwOnError = false, CancellationToken cancellationToken = default)
    {
        HubCallback.ThrowIfInside();
        var source = BeginJoinAll(greenlets, timeout, count, throwOnError, cancellationToken);
        try
        {
            if (!source.IsDone)
                WaitLimit.Block(source, timeout, cancellationToken);
        }
        finally
        {
            source.GiveUp();
        }

        source.ThrowIfCycle();
        return source.Result();
    }

    /// <summary>As <see cref="JoinAll"/>, awaited.</summary>
    /// <inheritdoc cref="JoinAll"/>
    public static async Task<IReadOnlyList<Greenlet>> JoinAllAsync(
        IEnumerable<Greenlet> greenlets, TimeSpan? timeout = null, int? count = null, bool throwOnError = false, CancellationToken cancellationToken = default)
    {
        var source = BeginJoinAll(greenlets, timeout, count, throwOnError, cancellationToken);
        try
        {
            if (!source.IsDone)
                await WaitLimit.Async(source, hasCome: false, timeout, cancellationToken).ConfigureAwait(true);
        }
        finally
        {
            source.GiveUp();
        }

        return source.Result();
    }

    /// <summary>Kills all of them and waits until they have ended. If the caller is one of them it is killed last, and nothing is waited for.</summary>
    /// <param name="greenlets">The greenlets, of any hub; those that have ended are left alone.</param>
    /// <param name="exception">What is thrown in them; null (the default): a <see cref="GreenletExitException"/>.</param>
    /// <param name="timeout">How long to wait; null (the default): without limit.</param>
    /// <param name="cancellationToken">Ends the wait; they are killed all the same.</param>
    /// <exception cref="ArgumentException">There is no list, or one in it is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative; nothing was killed.</exception>
    /// <exception cref="TimeoutException">The time was up before all had ended.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public static void KillAll(IEnumerable<Greenlet> greenlets, Exception? exception = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var all = SendKills(greenlets, exception, timeout);
        ThrowIfLate(all, JoinAll(all, timeout, cancellationToken: cancellationToken), timeout);
    }

    /// <summary>As <see cref="KillAll"/>, awaited.</summary>
    /// <inheritdoc cref="KillAll"/>
    public static async Task KillAllAsync(IEnumerable<Greenlet> greenlets, Exception? exception = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var all = SendKills(greenlets, exception, timeout);
        ThrowIfLate(all, await JoinAllAsync(all, timeout, cancellationToken: cancellationToken).ConfigureAwait(true), timeout);
    }

    /// <summary>Lets its hub run everything else that is ready first, and whatever that makes ready.</summary>
    /// <exception cref="GreenletExitException">The greenlet was killed meanwhile.</exception>
    public static void Idle()
    {
        if (Current is { } self)
            Waits.Block(new YieldSource(self.Dispatcher, WorkKind.Idle), null);
        else
            Thread.Yield();
    }

    /// <summary>As <see cref="Idle"/>, awaited.</summary>
    public static Task IdleAsync() =>
        Current is { } self ? Waits.AsTask(new YieldSource(self.Dispatcher, WorkKind.Idle), null) : YieldToScheduler();

    /// <summary>Whether a wait for it by the calling code could never end.</summary>
    internal bool NeverEnds => Current == this || (Status == GreenletStatus.Created && !Volatile.Read(ref _hasStartTime));

    private static JoinAllSource BeginJoinAll(IEnumerable<Greenlet> greenlets, TimeSpan? timeout, int? count, bool throwOnError, CancellationToken cancellationToken)
    {
        var isEndless = WaitLimit.IsNone(timeout, cancellationToken);
        var source = JoinAllSource.Of(greenlets, count, throwOnError, isEndless);
        _ = WaitLimit.IsLook(timeout, cancellationToken);
        if (isEndless)
            source.ThrowIfNeverDone();
        source.Begin();
        return source;
    }

    private static Greenlet[] SendKills(IEnumerable<Greenlet> greenlets, Exception? exception, TimeSpan? timeout)
    {
        _ = WaitLimit.IsZero(timeout);
        ArgumentNullException.ThrowIfNull(greenlets);
        Greenlet[] all = [.. greenlets];
        if (Array.IndexOf(all, null) is var index and >= 0)
            throw new ArgumentException($"The greenlet at index {index} is null.", nameof(greenlets));
        foreach (var greenlet in all)
        {
            if (greenlet != Current)
                greenlet.Kill(exception);
        }

        if (Current is { } self && Array.IndexOf(all, self) >= 0)
            self.Kill(exception);
        return all;
    }

    private static void ThrowIfLate(Greenlet[] all, IReadOnlyList<Greenlet> ended, TimeSpan? timeout)
    {
        if (ended.Count < all.Length)
            throw new TimeoutException($"{all.Length - ended.Count} of {all.Length} killed greenlets did not end within {timeout}; {Array.Find(all, static greenlet => !greenlet.IsReady)} is one of them.");
    }
}
