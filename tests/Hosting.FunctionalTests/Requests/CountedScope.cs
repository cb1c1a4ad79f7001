namespace GreenletBridge.Hosting.FunctionalTests.Requests;

/// <summary>A service of a request's scope that is counted.</summary>
internal sealed class CountedScope : IDisposable
{
    private readonly ScopeCount _count;

    public CountedScope(ScopeCount count)
    {
        _count = count;
        count.NoteMade();
    }

    public void Dispose() => _count.NoteDisposed();
}
