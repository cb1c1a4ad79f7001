using System.Diagnostics;

namespace GreenletBridge;

/// <summary>The context that is current in every segment of one greenlet: posts go to its hub in its name, and its waits are hooked.</summary>
/// <remarks>Also keeps what only a greenlet that has begun has.</remarks>
internal sealed class GreenletContext(Greenlet greenlet) : HookedContext
{
    private long _period;
    private int _registered;
    private volatile bool _isPosted;

    internal Greenlet Greenlet => greenlet;

    internal Hub Hub => greenlet.Hub!;

    /// <summary>When it began, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    internal long BegunAt { get; } = Environment.TickCount64;

    /// <summary>The thread that ran its last segment.</summary>
    internal Runner? Runner { get; private set; }

    /// <summary>The period of that thread's gate.</summary>
    internal long Period => Volatile.Read(ref _period);

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
        Runner = runner;
        runner.Occupant = greenlet;
        EnterUserCode(runner);
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

        Volatile.Write(ref _period, runner.EnterUserCode());
        greenlet.NoteUserCode(runner);
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
