namespace GreenletBridge;

/// <summary>The greenlets of a hub that have waited and not ended. One that never waits is never entered.</summary>
/// <remarks>Who looks at a hub holds up nobody for long: a list of places is copied as a block, and looked at afterwards.</remarks>
internal sealed class GreenletRegistry
{
    private const int LeastLength = 16;
    private const int CountedAtOnce = 256;
    private GreenletContext?[] _greenlets = new GreenletContext?[LeastLength];
    private int _count;
    private TinyLock _lock;

    internal void Add(GreenletContext context)
    {
        _lock.Enter();
        if (_count == _greenlets.Length)
            Array.Resize(ref _greenlets, _count * 2);
        _greenlets[_count] = context;
        context.Place = ++_count;
        _lock.Exit();
    }

    /// <summary>Takes it off; nothing if it is not in.</summary>
    internal void Remove(GreenletContext context)
    {
        _lock.Enter();
        if (context.Place > 0)
        {
            // The last one takes its place.
            var last = _greenlets[--_count]!;
            _greenlets[_count] = null;
            if (last != context)
            {
                _greenlets[context.Place - 1] = last;
                last.Place = context.Place;
            }

            context.Place = 0;
            if (_count < _greenlets.Length / 4 && _greenlets.Length > LeastLength)
                Array.Resize(ref _greenlets, _greenlets.Length / 2);
        }

        _lock.Exit();
    }

    /// <summary>How many of them wait. One that comes or goes meanwhile may be counted or not, and rarely another with it, which took its place.</summary>
    internal int CountWaiting()
    {
        // Gauges ask several times a second: a copy of ten thousand places would each time be a large object, which only a full collection frees.
        var some = new GreenletContext?[CountedAtOnce];
        var waiting = 0;
        for (var from = 0; ; from += CountedAtOnce)
        {
            _lock.Enter();
            var count = Math.Min(CountedAtOnce, _count - from);
            if (count > 0)
                Array.Copy(_greenlets, from, some, 0, count);
            _lock.Exit();
            if (count <= 0)
                return waiting;
            foreach (var context in some.AsSpan(0, count))
                waiting += context!.Greenlet.Status == GreenletStatus.Waiting ? 1 : 0;
        }
    }

    internal Greenlet[] ToArray()
    {
        // What is copied into is made before: the collector may want its time for a large array.
        GreenletContext?[] copy = [];
        while (true)
        {
            _lock.Enter();
            var count = _count;
            if (count <= copy.Length)
            {
                Array.Copy(_greenlets, copy, count);
                _lock.Exit();
                break;
            }

            _lock.Exit();
            copy = new GreenletContext?[count + (count / 8)];
        }

        var end = Array.IndexOf(copy, null);
        return Array.ConvertAll(end < 0 ? copy : copy[..end], static context => context!.Greenlet);
    }
}
