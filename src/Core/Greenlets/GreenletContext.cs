using System.Diagnostics;

namespace GreenletBridge;

/// <summary>The context that is current in every segment of one greenlet: posts go to its hub in its name, and its waits are hooked.</summary>
/// <remarks>Also keeps what only a greenlet that has begun has.</remarks>
internal sealed class GreenletContext(Greenlet greenlet) : HookedContext
{
    private Runner? _runner;
    private List<Runner>? _moreRunners;
    private TinyLock _runnersLock;
    private int _registered;
    private volatile bool _isPosted;

    internal Greenlet Greenlet => greenlet;

    internal Hub Hub => greenlet.Hub!;

    /// <summary>When it began, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    internal long BegunAt { get; } = Environment.TickCount64;

    /// <summary>How many threads are in a segment of it; any thread.</summary>
    /// <remarks>More than one when code that was posted here runs while the stack of another segment waits, or blocks where no hook sees it.</remarks>
    internal int RunnerCount => (Volatile.Read(ref _runner) is null ? 0 : 1) + (Volatile.Read(ref _moreRunners)?.Count ?? 0);

    /// <summary>When it last returned to its hub, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    internal long AwaitsSince { get; private set; }

    /// <summary>Its place in its hub's list, counted from 1; 0 when it is not in it. Guarded by that list.</summary>
    internal int Place { get; set; }

    /// <summary>Whether anything of the greenlet ran, or may run, beside the segment in which it began.</summary>
    internal bool IsUsed => IsRegistered || _isPosted;

    internal bool IsRegistered => Volatile.Read(ref _registered) != 0;

    internal bool TryMarkRegistered() => !IsRegistered && Interlocked.Exchange(ref _registered, 1) == 0;

    /// <summary>A segment of the greenlet begins on that thread.</summary>
    internal void Enter(Runner runner)
    {
        runner.Occupant = greenlet;
        if (Interlocked.CompareExchange(ref _runner, runner, null) is not null)
            AddRunner(runner);
        EnterUserCode(runner);
    }

    /// <summary>The segment on that thread is over.</summary>
    internal void Leave(Runner runner)
    {
        runner.Occupant = null;
        if (Volatile.Read(ref _runner) == runner)
            Volatile.Write(ref _runner, null);
        else
            RemoveRunner(runner);
    }

    /// <summary>The threads that are in a segment of it; any thread.</summary>
    internal Runner[] Runners()
    {
        var runner = Volatile.Read(ref _runner);
        if (Volatile.Read(ref _moreRunners) is not { } more)
            return runner is null ? [] : [runner];
        _runnersLock.Enter();
        Runner[] all = runner is null ? [.. more] : [runner, .. more];
        _runnersLock.Exit();
        return all;
    }

    /// <summary>A segment has returned to the hub.</summary>
    internal void NoteAwait() => AwaitsSince = Environment.TickCount64;

    /// <summary>Its code runs, or goes on after a wait.</summary>
    internal void EnterUserCode(Runner runner)
    {
        // A look at what was ready already ends no segment.
        if (runner.SegmentBegan == 0 && Hub.Reports(HubEvents.Segments))
        {
            runner.SegmentBeganDetached = runner.Segment == SegmentState.Detached;
            runner.SegmentBegan = Stopwatch.GetTimestamp();
        }

        // Before an interrupt may come: it is the engine that runs here.
        greenlet.NoteUserCode(runner);
        runner.EnterUserCode();
    }

    private void AddRunner(Runner runner)
    {
        _runnersLock.Enter();
        var more = _moreRunners ?? [];
        more.Add(runner);
        Volatile.Write(ref _moreRunners, more);
        _runnersLock.Exit();
    }

    private void RemoveRunner(Runner runner)
    {
        _runnersLock.Enter();
        _moreRunners!.Remove(runner);
        _runnersLock.Exit();
    }

    private protected override IWaitOwner Owner => greenlet;

    internal override Runner? Home => greenlet.Home is { IsHome: true } home ? home : null;

    internal override bool RunsOnScheduler => greenlet.RunsOnScheduler;

    internal override void Resume(Runner runner, ContextCallback code, object state) => greenlet.RunPosted(this, runner, code, state);

    public override void Post(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        _isPosted = true;
        greenlet.Dispatcher.Post(new PostItem(this, d, state));
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        if (Greenlet.Current == greenlet)
        {
            d(state);
            return;
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(
            _ =>
            {
                try
                {
                    d(state);
                    done.SetResult();
                }
                catch (Exception e)
                {
                    // Thrown again where Send was called, as the contract of Send says.
                    done.SetException(e);
                }
            },
            null);
        Waits.Block(new TaskSource(done.Task), null);
        done.Task.GetAwaiter().GetResult();
    }

    public override SynchronizationContext CreateCopy() => this;
}
