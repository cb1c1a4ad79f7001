namespace GreenletBridge.Core.Conformance;

/// <summary>The waits of a body that is written once for both kinds: on its stack, or by returning.</summary>
internal sealed class BodyWaits(BodyKind kind)
{
    /// <summary>Waits for a Task.</summary>
    public Task For(Task task)
    {
        if (kind == BodyKind.Async)
            return task;
        Greenlet.Await(task);
        return Task.CompletedTask;
    }

    /// <summary>Lets time pass by the hub's clock.</summary>
    public Task Sleep(TimeSpan time)
    {
        if (kind == BodyKind.Async)
            return Greenlet.SleepAsync(time);
        Greenlet.Sleep(time);
        return Task.CompletedTask;
    }

    /// <summary>Waits for the end of a greenlet.</summary>
    public Task Join(Greenlet greenlet)
    {
        if (kind == BodyKind.Async)
            return greenlet.JoinAsync();
        greenlet.Join();
        return Task.CompletedTask;
    }

    /// <summary>Lets the others run first.</summary>
    public Task Yield()
    {
        if (kind == BodyKind.Async)
            return Greenlet.YieldAsync();
        Greenlet.Yield();
        return Task.CompletedTask;
    }

    /// <summary>A member that has both forms: the blocking one, or its awaitable twin.</summary>
    public ValueTask<T> Of<T>(Func<T> blocking, Func<ValueTask<T>> awaited) =>
        kind == BodyKind.Async ? awaited() : new ValueTask<T>(blocking());

    /// <summary>Waits until killed.</summary>
    public Task Forever() => Sleep(Timeout.InfiniteTimeSpan);
}
