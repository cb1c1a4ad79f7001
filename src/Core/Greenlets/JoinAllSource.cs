using System.Runtime.ExceptionServices;

namespace GreenletBridge;

/// <summary>The ends of several greenlets as one thing to wait for. It is itself what each of them tells, so joining many costs nothing for each.</summary>
internal sealed class JoinAllSource : IHeldSource, IGreenletContinuation
{
    private readonly Greenlet[] _greenlets;
    private readonly List<Greenlet> _ended;
    private readonly int _needed;
    private readonly bool _throwOnError;
    private readonly bool _isEndless;
    private string? _cycle;
    private Waiter? _waiter;
    private TinyLock _lock;
    private bool _isDone;

    private JoinAllSource(Greenlet[] greenlets, int needed, bool throwOnError, bool isEndless)
    {
        _greenlets = greenlets;
        _needed = needed;
        _throwOnError = throwOnError;
        // Of all of them, and whatever comes of them: otherwise one of the others can end the wait.
        _isEndless = isEndless && needed == greenlets.Length && !throwOnError;
        _ended = new List<Greenlet>(needed);
        _isDone = needed == 0;
    }

    public Greenlet? Holder => Holders.FirstOrDefault();

    public IEnumerable<Greenlet> Holders => _isEndless ? _greenlets.Where(static greenlet => !greenlet.IsReady) : [];

    public string Relation => "waits for";

    internal bool IsDone => Volatile.Read(ref _isDone);

    /// <exception cref="ArgumentException">There is no list, or one in it is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    internal static JoinAllSource Of(IEnumerable<Greenlet> greenlets, int? count, bool throwOnError, bool isEndless)
    {
        ArgumentNullException.ThrowIfNull(greenlets);
        if (count is { } wanted)
            ArgumentOutOfRangeException.ThrowIfLessThan(wanted, 1, nameof(count));
        Greenlet[] all = [.. greenlets];
        if (Array.IndexOf(all, null) is var index and >= 0)
            throw new ArgumentException($"The greenlet at index {index} is null.", nameof(greenlets));
        return new JoinAllSource(all, Math.Min(count ?? all.Length, all.Length), throwOnError, isEndless);
    }

    /// <summary>Has every greenlet tell of its end; those that have ended are noted at once, in order.</summary>
    internal void Begin()
    {
        foreach (var greenlet in _greenlets)
        {
            if (IsDone)
                return;
            if (!greenlet.TryAddContinuation(this))
                OnEnded(greenlet);
        }
    }

    /// <summary>Those that have not ended need not tell any more.</summary>
    internal void GiveUp()
    {
        if (_ended.Count == _greenlets.Length)
            return;
        foreach (var greenlet in _greenlets)
            greenlet.RemoveContinuation(this);
    }

    public void OnEnded(Greenlet greenlet)
    {
        Waiter? waiter = null;
        _lock.Enter();
        if (!_isDone)
        {
            _ended.Add(greenlet);
            if (_ended.Count == _needed || (_throwOnError && greenlet.Status == GreenletStatus.Faulted))
            {
                Volatile.Write(ref _isDone, true);
                waiter = _waiter;
            }
        }

        _lock.Exit();
        waiter?.TryEnd(WaitOutcome.Completed);
    }

    public bool TryAdd(Waiter waiter)
    {
        if (_isEndless && waiter is GreenletWaiter && (_cycle = WaitCycle.Find(this)) is not null)
            return false;
        _lock.Enter();
        _waiter = waiter;
        var waits = !_isDone;
        _lock.Exit();
        return waits;
    }

    public void Remove(Waiter waiter)
    {
        _lock.Enter();
        _waiter = null;
        _lock.Exit();
    }

    public string Describe() => $"the ends of {_needed} of {_greenlets.Length} greenlets ({_ended.Count} so far)";

    /// <exception cref="HubDeadlockException">The wait would have closed a cycle: it was not begun.</exception>
    internal void ThrowIfCycle()
    {
        if (_cycle is { } cycle)
            throw new HubDeadlockException($"{cycle} Let one of them wait with a timeout, or return first.");
    }

    /// <exception cref="HubDeadlockException">Too few of them can ever end.</exception>
    internal void ThrowIfNeverDone()
    {
        var never = Array.FindAll(_greenlets, static greenlet => greenlet.NeverEnds);
        if (_greenlets.Length - never.Length < _needed)
        {
            throw new HubDeadlockException(
                $"{never[0]} {(never[0] == Greenlet.Current ? "waits for itself" : "was never started")}, so the wait for {_needed} of {_greenlets.Length} greenlets can never end. "
                + "Call Start() first, leave out the greenlet that waits, or give a timeout.");
        }
    }

    /// <summary>Those that have ended, in the order in which they did.</summary>
    /// <exception cref="Exception">What the first of them failed with, if that is wanted.</exception>
    internal IReadOnlyList<Greenlet> Result()
    {
        _lock.Enter();
        _isDone = true;
        _lock.Exit();
        if (_throwOnError && _ended.Find(static greenlet => greenlet.Status == GreenletStatus.Faulted) is { } failed)
            ExceptionDispatchInfo.Throw(failed.EndException!);
        return _ended;
    }
}
