using System.Collections.Concurrent;

namespace GreenletBridge.Hosting.FunctionalTests.Requests;

/// <summary>What happened to the one request of a test, in order.</summary>
internal sealed class ScopeProbe
{
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<string> Events { get; } = new();

    public Task Disposed => _disposed.Task;

    public void NoteDisposed()
    {
        Events.Enqueue("disposed");
        _disposed.SetResult();
    }
}
