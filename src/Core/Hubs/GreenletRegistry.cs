namespace GreenletBridge;

/// <summary>The greenlets of a hub that have waited and not ended. One that never waits is never entered.</summary>
internal sealed class GreenletRegistry
{
    private readonly HashSet<Greenlet> _greenlets = [];
    private TinyLock _lock;

    internal int Count => _greenlets.Count;

    internal void Add(Greenlet greenlet)
    {
        _lock.Enter();
        _greenlets.Add(greenlet);
        _lock.Exit();
    }

    internal void Remove(Greenlet greenlet)
    {
        _lock.Enter();
        _greenlets.Remove(greenlet);
        _lock.Exit();
    }

    internal int CountWaiting()
    {
        var count = 0;
        _lock.Enter();
        foreach (var greenlet in _greenlets)
        {
            if (greenlet.Status == GreenletStatus.Waiting)
                count++;
        }

        _lock.Exit();
        return count;
    }

    internal Greenlet[] ToArray()
    {
        _lock.Enter();
        Greenlet[] all = [.. _greenlets];
        _lock.Exit();
        return all;
    }
}
