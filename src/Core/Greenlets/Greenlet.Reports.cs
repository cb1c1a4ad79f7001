using System.Diagnostics;

namespace GreenletBridge;

/// <content>What snapshots show of it and listeners are told of it.</content>
public partial class Greenlet
{
    /// <summary>How long ago it began, some milliseconds coarse.</summary>
    internal TimeSpan Age => _context is { } context ? TimeSpan.FromMilliseconds(Environment.TickCount64 - context.BegunAt) : TimeSpan.Zero;

    /// <summary>When it began, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    internal long BegunAt => _context?.BegunAt ?? long.MaxValue;

    internal GreenletSnapshot Snapshot(bool withStack)
    {
        var status = Status;
        var wait = Volatile.Read(ref _wait);
        var waits = status == GreenletStatus.Waiting && _context is not null;
        var since = wait?.Since ?? _context?.AwaitsSince ?? 0;
        return new GreenletSnapshot
        {
            Id = Id,
            ParentId = SpawningGreenlet?.Id,
            Name = Name,
            Status = status,
            Body = BodyKind,
            Age = Age,
            WaitingFor = wait is not null ? wait.Describe() : waits ? AwaitText : null,
            WaitedFor = wait is not null || waits ? TimeSpan.FromMilliseconds(Math.Max(0, Environment.TickCount64 - since)) : null,
            IsKillPending = (_details is { } details && Volatile.Read(ref details.Kill) is { IsDelivered: false }) || PendingFor(null) is not null,
            Tag = Tag,
            Code = UserCode is { } code ? MethodText.Of(code.Method) : null,
            SpawnSite = _details?.SpawnSite,
            Stack = withStack && wait is not null ? _details?.WaitStack : null,
        };
    }

    private const string AwaitText = "an awaited Task";

    private void NoteSpawned()
    {
        if (_target.TimerHub.CapturesStacks)
            Details.SpawnSite = StackText.OfThisThread();
    }

    private void NoteScheduled()
    {
        if (_target.TimerHub.Reports(HubEvents.Greenlets))
            Details.ScheduledAt = Stopwatch.GetTimestamp();
    }

    /// <summary>In its own ExecutionContext, before its code.</summary>
    private void ReportBegun()
    {
        if (!Hub!.Reports(HubEvents.Greenlets))
            return;
        var details = Details;
        var queued = details.ScheduledAt == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(details.ScheduledAt);
        details.IsReported = true;
        Register();
        Hub!.Notify((Greenlet: this, queued), static (listener, s) => listener.OnGreenletBegun(s.Greenlet, s.queued));
    }

    /// <summary>Its code has ended; before what it changed in its ExecutionContext is kept. Only the first call counts.</summary>
    internal void ReportEnded(Exception? error)
    {
        if (_details is not { IsReported: true } details)
            return;
        details.IsReported = false;
        error = Explained(error);
        Hub?.Notify((Greenlet: this, Status: StatusOf(error), error), static (listener, s) => listener.OnGreenletEnded(s.Greenlet, s.Status, s.error));
    }

    private void NoteWaitBegun(IKillableWait wait)
    {
        var context = _context!;
        // With a stack that waits, the segment is over; awaiting code goes on until it returns.
        if (wait is GreenletWaiter or RuntimeWait && Runner.Current is { } runner)
            ReportSegment(context, runner);
        if (context.Hub.Reports(HubEvents.Waits))
            wait.Began = Stopwatch.GetTimestamp();
        if (context.Hub.CapturesStacks)
            Details.WaitStack = StackText.OfThisThread();
    }

    /// <summary>A segment has returned to the hub, and the greenlet has not ended.</summary>
    private void NoteAwait(GreenletContext context)
    {
        context.NoteAwait();
        if (Volatile.Read(ref _wait) is null && context.Hub.Reports(HubEvents.Waits))
            Details.AwaitBegan = Stopwatch.GetTimestamp();
    }

    private void NoteWaitEnded(IKillableWait wait)
    {
        var began = wait.Began;
        if (began == 0)
            return;
        wait.Began = 0;
        ReportWait(wait.Describe(), began);
    }

    private void ReportWait(string reason, long began) => Hub?.Notify(
        (Greenlet: this, reason, Duration: Stopwatch.GetElapsedTime(began)), static (listener, s) => listener.OnWaitEnded(s.Greenlet, s.reason, s.Duration));

    /// <summary>A segment of it may have ended on the calling thread.</summary>
    private static void ReportSegment(GreenletContext context, Runner runner)
    {
        var began = runner.SegmentBegan;
        if (began == 0)
            return;
        runner.SegmentBegan = 0;
        var segment = new HubSegment(context.Hub, context.Greenlet, began, Stopwatch.GetTimestamp(), runner.SegmentBeganDetached || runner.Segment == SegmentState.Detached);
        context.Hub.Notify(segment, static (listener, s) => listener.OnSegmentEnded(in s));
    }

    private Exception? Explained(Exception? error) =>
        error is not null && _details is { } details ? details.Explain(error) : error;

    private static GreenletStatus StatusOf(Exception? error) => error switch
    {
        null => GreenletStatus.Completed,
        GreenletExitException => GreenletStatus.Killed,
        _ => GreenletStatus.Faulted,
    };
}
