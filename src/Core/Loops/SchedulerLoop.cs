namespace GreenletBridge;

/// <summary>The loop on a .NET <see cref="TaskScheduler"/>: an idle hub holds no thread.</summary>
/// <remarks>Async segments run on the scheduler's threads; whatever may block runs on carriers.</remarks>
internal sealed class SchedulerLoop : Loop
{
    // How many tasks the calling thread is about to queue: what runs meanwhile on it runs inline.
    [ThreadStatic]
    private static int _queueing;

    private readonly Dispatcher _dispatcher;
    private readonly CarrierPool _pool;
    private readonly TimerAlarm _alarm;
    private readonly TaskFactory _factory;
    private readonly Action<object?> _drain;

    internal SchedulerLoop(Dispatcher dispatcher, CarrierPool pool, HubClock clock, TaskScheduler scheduler)
    {
        _dispatcher = dispatcher;
        _pool = pool;
        _alarm = new TimerAlarm(dispatcher, clock);
        _factory = new TaskFactory(default, TaskCreationOptions.DenyChildAttach | TaskCreationOptions.PreferFairness, default, scheduler);
        _drain = Drain;
    }

    internal override bool LendsThreads => true;

    internal override bool TryDispatch(WorkItem item) => (item.RunsOnScheduler && TryQueue(item)) || TryGiveCarrier(item);

    internal override bool TrySetAlarm(long due, Runner? self)
    {
        _alarm.Set(due);
        return true;
    }

    private bool TryQueue(WorkItem item)
    {
        _queueing++;
        try
        {
            // The task must not carry the context of whoever happened to post.
            using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
            {
                _ = _factory.StartNew(_drain, item);
            }

            return true;
        }
        catch (TaskSchedulerException e)
        {
            // A scheduler that takes no more tasks must not take the hub with it.
            _dispatcher.NoteCarrierStartFailed(e);
            return false;
        }
        finally
        {
            _queueing--;
        }
    }

    private bool TryGiveCarrier(WorkItem item)
    {
        var carrier = _pool.Take(out var error);
        if (carrier is null)
        {
            if (error is not null)
                _dispatcher.NoteCarrierStartFailed(error);
            return false;
        }

        carrier.Assign(_dispatcher, item);
        return true;
    }

    private void Drain(object? state)
    {
        var item = (WorkItem)state!;
        // Run inline, by a scheduler that does so while it is given a task or while it waits: the stack below is somebody's.
        var isInline = _queueing > 0 || Runner.Current is { Dispatcher: not null };
        if (isInline && TryGiveCarrier(item))
            return;
        if (isInline)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static s => s.Loop.Drain(s.Item), (Loop: this, Item: item), preferLocal: false);
            return;
        }

        var runner = Runner.ForThisThread();
        runner.Dispatcher = _dispatcher;
        try
        {
            _dispatcher.RunLoop(runner, item);
        }
        finally
        {
            runner.Dispatcher = null;
        }
    }
}
