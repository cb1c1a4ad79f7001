using System.Collections.Concurrent;

namespace GreenletBridge.Hosting;

/// <summary>Runs short actions in order on the thread pool; posting one takes no lock.</summary>
internal sealed class OffHubQueue : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<Action> _actions = new();
    private readonly Lock _runLock = new();
    private int _scheduled;

    public void Post(Action action)
    {
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
                action();
            }
        }
    }
}
