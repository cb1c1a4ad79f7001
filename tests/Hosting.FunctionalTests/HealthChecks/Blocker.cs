namespace GreenletBridge.Hosting.FunctionalTests.HealthChecks;

/// <summary>A handler that computes, and so holds its hub, until it is told to end.</summary>
internal sealed class Blocker
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _end;

    public Task Begun => _begun.Task;

    public void Block()
    {
        _begun.SetResult();
        while (!_end)
        {
            Thread.SpinWait(100);
        }
    }

    public void End() => _end = true;
}
