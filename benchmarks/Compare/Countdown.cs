namespace GreenletBridge.Benchmarks.Compare;

/// <summary>Tells when a number of operations have run; the same cost for both sides.</summary>
internal sealed class Countdown
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left;

    internal Countdown(int count)
    {
        _left = count;
        Signal = () =>
        {
            if (Interlocked.Decrement(ref _left) == 0)
                _reached.SetResult();
        };
    }

    internal Action Signal { get; }

    internal Task Reached => _reached.Task;
}
