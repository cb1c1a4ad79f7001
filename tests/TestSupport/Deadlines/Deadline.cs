using System.Diagnostics;
using System.Globalization;

namespace GreenletBridge.TestSupport;

/// <summary>Waits of a test that end: with what was awaited, or with an error that says what did not come and why.</summary>
/// <remarks>
/// Deadlines are real time, whatever clock the code under test has. Each form takes what is awaited in words and, if
/// wanted, a snapshot (such as <c>() =&gt; hub.Snapshot().ToString()</c>) that is taken and printed only on expiry.
/// </remarks>
public static class Deadline
{
    // Taking a snapshot of something that hangs may hang as well.
    private static readonly TimeSpan _snapshotLimit = TimeSpan.FromSeconds(5);

    /// <summary>How long a wait may take if the caller names no other limit.</summary>
    /// <value>30 s; what <c>TEST_DEADLINE</c> in the environment says, in seconds, where tests are expected to fail (<c>eng/mutation.sh</c>).</value>
    public static TimeSpan Default { get; } =
        double.TryParse(Environment.GetEnvironmentVariable("TEST_DEADLINE"), CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromSeconds(30);

    /// <summary>Awaits a task; its exception or cancellation is the caller's.</summary>
    /// <param name="task">The task to await.</param>
    /// <param name="what">What is awaited, in words.</param>
    /// <param name="snapshot">Tells on expiry how things stand.</param>
    /// <param name="within">The limit; <see cref="Default"/> if null.</param>
    /// <exception cref="TimeoutException">The task did not end in time.</exception>
    public static async Task For(Task task, string what, Func<string>? snapshot = null, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        try
        {
            await task.WaitAsync(within ?? Default).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw Expired(what, within, snapshot);
        }
        catch (TimeoutException)
        {
            // Ended in the very moment of expiry, or with a TimeoutException of its own: its outcome counts.
            await task.ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="For(Task, string, Func{string}?, TimeSpan?)"/>
    /// <returns>The task's value.</returns>
    public static async Task<T> For<T>(Task<T> task, string what, Func<string>? snapshot = null, TimeSpan? within = null)
    {
        await For((Task)task, what, snapshot, within).ConfigureAwait(false);
        return await task.ConfigureAwait(false);
    }

    /// <summary>Blocks the calling thread until a task has ended; throws its exception as <c>await</c> does.</summary>
    /// <param name="task">The task to wait for.</param>
    /// <param name="what">What is awaited, in words.</param>
    /// <param name="snapshot">Tells on expiry how things stand.</param>
    /// <param name="within">The limit; <see cref="Default"/> if null.</param>
    /// <exception cref="TimeoutException">The task did not end in time.</exception>
    public static void Wait(Task task, string what, Func<string>? snapshot = null, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (Task.WaitAny([task], within ?? Default) < 0)
        {
            throw Expired(what, within, snapshot);
        }

        task.GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Wait(Task, string, Func{string}?, TimeSpan?)"/>
    /// <returns>The task's value.</returns>
    public static T Wait<T>(Task<T> task, string what, Func<string>? snapshot = null, TimeSpan? within = null)
    {
        Wait((Task)task, what, snapshot, within);
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Blocks the calling thread until a wait handle is signalled.</summary>
    /// <param name="handle">The handle to wait for.</param>
    /// <param name="what">What is awaited, in words.</param>
    /// <param name="snapshot">Tells on expiry how things stand.</param>
    /// <param name="within">The limit; <see cref="Default"/> if null.</param>
    /// <exception cref="TimeoutException">The handle was not signalled in time.</exception>
    public static void Wait(WaitHandle handle, string what, Func<string>? snapshot = null, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(handle);
        if (!handle.WaitOne(within ?? Default))
        {
            throw Expired(what, within, snapshot);
        }
    }

    /// <summary>Blocks the calling thread until an event is set.</summary>
    /// <param name="gate">The event to wait for.</param>
    /// <param name="what">What is awaited, in words.</param>
    /// <param name="snapshot">Tells on expiry how things stand.</param>
    /// <param name="within">The limit; <see cref="Default"/> if null.</param>
    /// <exception cref="TimeoutException">The event was not set in time.</exception>
    public static void Wait(ManualResetEventSlim gate, string what, Func<string>? snapshot = null, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(gate);
        if (!gate.Wait(within ?? Default))
        {
            throw Expired(what, within, snapshot);
        }
    }

    /// <summary>Blocks the calling thread until a countdown has reached zero.</summary>
    /// <param name="countdown">The countdown to wait for.</param>
    /// <param name="what">What is awaited, in words.</param>
    /// <param name="snapshot">Tells on expiry how things stand.</param>
    /// <param name="within">The limit; <see cref="Default"/> if null.</param>
    /// <exception cref="TimeoutException">The countdown did not reach zero in time.</exception>
    public static void Wait(CountdownEvent countdown, string what, Func<string>? snapshot = null, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(countdown);
        if (!countdown.Wait(within ?? Default))
        {
            throw Expired($"{what} ({countdown.CurrentCount} of {countdown.InitialCount} missing)", within, snapshot);
        }
    }

    /// <summary>Blocks the calling thread until a thread has ended.</summary>
    /// <param name="thread">The thread to wait for.</param>
    /// <param name="what">What is awaited, in words.</param>
    /// <param name="snapshot">Tells on expiry how things stand.</param>
    /// <param name="within">The limit; <see cref="Default"/> if null.</param>
    /// <exception cref="TimeoutException">The thread did not end in time.</exception>
    public static void Wait(Thread thread, string what, Func<string>? snapshot = null, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(thread);
        if (!thread.Join(within ?? Default))
        {
            throw Expired(what, within, snapshot);
        }
    }

    /// <summary>Blocks the calling thread until a condition holds.</summary>
    /// <param name="condition">Asked about once a millisecond on the calling thread; must not block.</param>
    /// <param name="what">What is awaited, in words.</param>
    /// <param name="snapshot">Tells on expiry how things stand.</param>
    /// <param name="within">The limit; <see cref="Default"/> if null.</param>
    /// <exception cref="TimeoutException">The condition did not hold in time.</exception>
    public static void Wait(Func<bool> condition, string what, Func<string>? snapshot = null, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > (within ?? Default))
            {
                throw Expired(what, within, snapshot);
            }

#pragma warning disable RS0030 // The one place that polls: for conditions that nothing signals
            Thread.Sleep(1);
#pragma warning restore RS0030
        }
    }

    /// <summary>Completes when a condition holds; holds no thread meanwhile.</summary>
    /// <param name="condition">Asked about once a millisecond on a pool thread; must not block.</param>
    /// <param name="what">What is awaited, in words.</param>
    /// <param name="snapshot">Tells on expiry how things stand.</param>
    /// <param name="within">The limit; <see cref="Default"/> if null.</param>
    /// <exception cref="TimeoutException">The condition did not hold in time.</exception>
    public static async Task Until(Func<bool> condition, string what, Func<string>? snapshot = null, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > (within ?? Default))
            {
                throw Expired(what, within, snapshot);
            }

#pragma warning disable RS0030 // As in Wait: for conditions that nothing signals
            await Task.Delay(1).ConfigureAwait(false);
#pragma warning restore RS0030
        }
    }

    private static TimeoutException Expired(string what, TimeSpan? within, Func<string>? snapshot)
    {
        // What the pool did meanwhile: tests share it, and who waits for it waits for all of them.
        var completed = ThreadPool.CompletedWorkItemCount;
        ThreadPool.GetMinThreads(out var least, out _);
        var pool = $"thread pool: {ThreadPool.ThreadCount} threads (at least {least}), {ThreadPool.PendingWorkItemCount} waiting, {completed} done";
        var message = $"Not within {(within ?? Default).TotalSeconds:0.###} s: {what}.{Environment.NewLine}{pool}";
        return new TimeoutException(snapshot is null ? message : $"{message}{Environment.NewLine}{Take(snapshot)}");
    }

    private static string Take(Func<string> snapshot)
    {
        var text = "";
        var taker = new Thread(() =>
        {
            try
            {
                text = snapshot();
            }
            catch (Exception exception)
            {
                text = $"(the snapshot failed: {exception})";
            }
        })
        { IsBackground = true, Name = "snapshot" };
        taker.Start();
        return taker.Join(_snapshotLimit) ? text : $"(the snapshot did not come within {_snapshotLimit.TotalSeconds} s)";
    }
}
