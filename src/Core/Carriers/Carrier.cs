using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace GreenletBridge;

/// <summary>A pooled thread on which segments run.</summary>
internal sealed class Carrier : Runner
{
    private readonly CarrierPool _pool;
    private bool _startsDetached;
    private WorkItem? _first;

    internal Carrier(CarrierPool pool, int number, int stackSize)
        : this(pool, new ThreadHolder(), number, stackSize)
    {
    }

    private Carrier(CarrierPool pool, ThreadHolder holder, int number, int stackSize)
        : base(holder.Create(number, stackSize), isCarrier: true)
    {
        _pool = pool;
        holder.Carrier = this;
    }

    /// <summary>Position in the pool's idle list, -1 when it is not idle; the pool's lock guards it.</summary>
    internal int IdleIndex { get; set; } = -1;

    /// <summary>Starts the thread. What <see cref="Thread.Start()"/> throws comes through.</summary>
    internal void Start() => _pool.StartThread(Thread);

    /// <summary>The pool: gives an idle carrier the baton of a dispatcher, with the item to begin with.</summary>
    internal void Assign(Dispatcher dispatcher, WorkItem item)
    {
        Dispatcher = dispatcher;
        Assign(item);
    }

    /// <summary>Gives an idle carrier an item without the baton.</summary>
    internal void AssignDetached(Dispatcher dispatcher, WorkItem item)
    {
        _startsDetached = true;
        Assign(dispatcher, item);
    }

    // Optimized from the start: elsewhere what a call is given lies in this frame until the call returns, and while the thread parks in it
    // that would keep alive the greenlet it ran first.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Main()
    {
        BindToThisThread();
        while (WaitForWork())
        {
            // Kept in no variable here: this frame lives as long as the thread.
            if (_startsDetached)
            {
                _startsDetached = false;
                Dispatcher!.RunDetached(this, TakeFirst());
            }
            else
            {
                Dispatcher!.RunLoop(this, TakeFirst());
            }

            Dispatcher = null;
            _pool.Return(this);
        }

        // The parker is left to its finalizer: who gave this thread its last item may be about to unpark it still.
    }

    private bool WaitForWork()
    {
        while (true)
        {
            _first = TakeAssigned();
            if (_first is not null)
                return true;
            var deadline = Stopwatch.GetTimestamp() + (long)(_pool.IdleTimeout.TotalSeconds * Stopwatch.Frequency);
            if (Parker.Park(_pool.MayRetire ? deadline : Parker.NoDeadline))
                continue;
            if (_pool.TryRetire(this))
                return false;
        }
    }

    private WorkItem TakeFirst()
    {
        var first = _first!;
        _first = null;
        return first;
    }

    // The base class wants the thread and the thread's delegate wants the carrier.
    private sealed class ThreadHolder
    {
        internal Carrier? Carrier { get; set; }

        internal Thread Create(int number, int stackSize) =>
            new(() => Carrier!.Main(), stackSize) { IsBackground = true, Name = $"greenlet {number}" };
    }
}
