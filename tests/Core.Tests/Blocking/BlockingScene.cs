namespace GreenletBridge.Core.Tests.Blocking;

/// <summary>One way to block: what holds the wait up, the wait itself, and what ends it.</summary>
internal sealed class BlockingScene : IDisposable
{
    private readonly Stack<IDisposable> _owned = new();

    /// <summary>Runs on a greenlet of its own before the others and calls its argument to wait until <see cref="End"/>; null: nobody holds anything.</summary>
    public Action<Action>? Hold { get; init; }

    /// <summary>The call under test; runs on a greenlet.</summary>
    public required Action Block { get; init; }

    /// <summary>Ends the wait; null where letting the holder go does.</summary>
    public Action? End { get; init; }

    /// <summary>Called after a kill: proves that what was waited for still works.</summary>
    public Action? CheckAfterKill { get; init; }

    public T Own<T>(T resource)
        where T : IDisposable
    {
        _owned.Push(resource);
        return resource;
    }

    public void Dispose()
    {
        while (_owned.TryPop(out var resource))
            resource.Dispose();
    }
}
