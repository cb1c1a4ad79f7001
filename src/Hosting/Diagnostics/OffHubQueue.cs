using System.Collections.Concurrent;

namespace GreenletBridge.Hosting;

/// <summary>Runs short actions in order on the thread pool; posting one takes no lock.</summary>
/// <remarks>What an action throws, a log sink that fails for example, ends that action and nothing else. What is posted faster than it runs is dropped past a bound.</remarks>
/// <param name="onDropped">Told, on the thread pool, how many were dropped.</param>
internal sealed class OffHubQueue(Action<int>? onDropped = null) : IThreadPoolWorkItem
{
    /// <summary>How many wait at most.</summary>
    public const int Capacity = 10_000;

    private readonly ConcurrentQueue<Action> _actions = new();
    private readonly Lock _runLock = new();
    private int _waiting;
    private int _dropped;
    private int _scheduled;

    public void Post(Action action)
    {
        if (Interlocked.Increment(ref _waiting) > Capacity)
        {
            Interlocked.Decrement(ref _waiting);
            Interlocked.Increment(ref _dropped);
            return;
        }

        _actions.Enqueue(action);
        if (Interlocked.Exchange(ref _scheduled, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Runs what has been posted, on the calling thread.</summary>
    public void Execute()
    {
        lock (_runLock)
        {
            // Before the first look: what is posted after the last one schedules a run of its own
            Interlocked.Exchange(ref _scheduled, 0);
            while (_actions.TryDequeue(out var action))
            {
                Interlocked.Decrement(ref _waiting);
                Run(action);
            }

            if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
            {
                Run(() => onDropped?.Invoke(dropped));
            }
        }
    }

    private static void Run(Action action)
    {
        try
        {
            action();
        }
        catch (Exception)
        {
            // On a thread of the pool it would end the process; and where it could be told, it has just failed
        }
    }
}
