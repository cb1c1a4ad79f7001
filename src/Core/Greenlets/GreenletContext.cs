using System.Diagnostics;

namespace GreenletBridge;

/// <summary>The context that is current in every segment of one greenlet: posts go to its hub in its name, and its waits are hooked.</summary>
/// <remarks>Also keeps what only a greenlet that has begun has.</remarks>
internal sealed class GreenletContext(Greenlet greenlet, Hub hub) : HookedContext(greenlet)
{
    private long _period;
    private int _registered;

    internal Hub Hub => hub;

    /// <summary>When it began, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    internal long BegunAt { get; } = Environment.TickCount64;

    /// <summary>The thread that ran its last segment.</summary>
    internal Runner? Runner { get; private set; }

    /// <summary>The period of that thread's gate.</summary>
    internal long Period => Volatile.Read(ref _period);

    /// <summary>When it last returned to its hub, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    internal long AwaitsSince { get; private set; }

    /// <summary>When it last returned to its hub to wait for what the hub does not see, a Stopwatch timestamp; 0 when no listener wants to know.</summary>
    internal long AwaitBegan { get; set; }

    /// <summary>The stack that it took of itself when it last began to wait.</summary>
    internal string? WaitStack { get; set; }

    /// <summary>Its place in its hub's list, counted from 1; 0 when it is not in it. Guarded by that list.</summary>
    internal int Place { get; set; }

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
    internal void NoteAwait(bool isSeen)
    {
        AwaitsSince = Environment.TickCount64;
        if (!isSeen && hub.Reports(HubEvents.Waits))
            AwaitBegan = Stopwatch.GetTimestamp();
    }

    /// <summary>Its code runs, or goes on after a wait.</summary>
    internal void EnterUserCode(Runner runner)
    {
        // A look at what was ready already ends no segment.
        if (runner.SegmentBegan == 0 && hub.Reports(HubEvents.Segments))
        {
            runner.SegmentBeganDetached = runner.Segment == SegmentState.Detached;
            runner.SegmentBegan = Stopwatch.GetTimestamp();
        }

        Volatile.Write(ref _period, runner.EnterUserCode());
    }

    internal override Runner? Home => greenlet.Home is { IsHome: true } home ? home : null;

    internal override bool RunsOnScheduler => greenlet.RunsOnScheduler;

    internal override void Resume(Runner runner, ContextCallback code, object state) => greenlet.RunPosted(runner, code, state);

    public override void Post(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        greenlet.Dispatcher.Post(new PostItem(greenlet, d, state));
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
