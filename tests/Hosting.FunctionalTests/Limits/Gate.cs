namespace GreenletBridge.Hosting.FunctionalTests.Limits;

/// <summary>A blocking handler that tells who has begun, and ends when it is opened.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _begun = [];
    private int _inside;
    private int _most;

    /// <summary>Who has begun, in order.</summary>
    public IReadOnlyList<string> Begun
    {
        get
        {
            lock (_begun)
            {
                return [.. _begun];
            }
        }
    }

    /// <summary>How many were inside at once at most.</summary>
    public int Most => Volatile.Read(ref _most);

    public void Open() => _open.TrySetResult();

    public string Pass(string name)
    {
        lock (_begun)
        {
            _begun.Add(name);
            _most = Math.Max(_most, ++_inside);
        }

        _open.Task.Wait();
        lock (_begun)
        {
            _inside--;
        }

        return name;
    }
}
