namespace GreenletBridge.Core.Stress.Soak;

/// <summary>What went into something and what came out of it, as sums.</summary>
internal sealed class Balance(string name)
{
    private long _count;
    private long _sum;

    public void In(int item)
    {
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _sum, item);
    }

    public void Out(int item)
    {
        Interlocked.Decrement(ref _count);
        Interlocked.Add(ref _sum, -item);
    }

    /// <exception cref="SoakException">Something was lost, or came out twice.</exception>
    public void Check()
    {
        if ((_count, _sum) != (0, 0))
            throw new SoakException($"{name}: {_count} items, {_sum} in sum, went in and not out");
    }
}
