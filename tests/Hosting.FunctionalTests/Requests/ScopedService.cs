namespace GreenletBridge.Hosting.FunctionalTests.Requests;

/// <summary>A service of the request's scope, which must outlive the greenlet.</summary>
internal sealed class ScopedService(ScopeProbe probe) : IDisposable
{
    private bool _isDisposed;

    public void Use(string what)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        probe.Events.Enqueue(what);
    }

    public void Dispose()
    {
        _isDisposed = true;
        probe.NoteDisposed();
    }
}
