namespace GreenletBridge.Hosting.FunctionalTests.Requests;

/// <summary>Scopes made and disposed.</summary>
internal sealed class ScopeCount
{
    private int _made;
    private int _disposed;

    public int Made => Volatile.Read(ref _made);

    public int Disposed => Volatile.Read(ref _disposed);

    public int Open => Made - Disposed;

    public void NoteMade() => Interlocked.Increment(ref _made);

    public void NoteDisposed() => Interlocked.Increment(ref _disposed);
}
