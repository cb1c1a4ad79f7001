namespace GreenletBridge;

/// <summary>The loop on a .NET <see cref="TaskScheduler"/>: an idle hub holds no thread.</summary>
/// <remarks>Async segments run on the scheduler's threads; whatever may block runs on carriers.</remarks>
internal sealed class SchedulerLoop : Loop
{
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

    internal override bool TryDispatch(WorkItem item)
    {
        // A scheduler that runs tasks inline would nest new work on the stack of a segment: that goes to a carrier.
        if (item.RunsOnScheduler && Runner.Current is not { Dispatcher: not null })
        {
            // The task must not carry the context of whoever happened to post.
            using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
            {
                _ = _factory.StartNew(_drain, item);
            }

            return true;
        }

        if (item.RunsOnScheduler && !_pool.IsExhausted && TryQueueToPool(item))
            return true;

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

    internal override bool TrySetAlarm(long due, Runner? self)
    {
        _alarm.Set(due);
        return true;
    }

    private bool TryQueueToPool(WorkItem item)
    {
        if (!ReferenceEquals(_factory.Scheduler, TaskScheduler.Default))
            return false;
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _ = _factory.StartNew(_drain, item);
        }

        return true;
    }

    private void Drain(object? state)
    {
        var runner = Runner.ForThisThread();
        runner.Dispatcher = _dispatcher;
        try
        {
            _dispatcher.RunLoop(runner, (WorkItem)state!);
        }
        finally
        {
            runner.Dispatcher = null;
        }
    }
}
