namespace GreenletBridge;

/// <content>Woven code: segments that return to the hub with their stack saved.</content>
public partial class Greenlet
{
    private static readonly ContextCallback _resumeWoven = static state => ((WovenWaiter)state!).Stack.Resume((WovenWaiter)state);

    private bool _hasWoven;
    private bool _isInWoven;

    /// <summary>How its code waits.</summary>
    internal GreenletBodyKind BodyKind => _hasWoven || _body is WovenBody ? GreenletBodyKind.Woven : _body.IsBlocking ? GreenletBodyKind.Blocking : GreenletBodyKind.Async;

    /// <summary>Whether what runs of it is woven code, or what that has called; set by that code's stack.</summary>
    internal bool IsInWoven
    {
        get => _isInWoven;
        set
        {
            _hasWoven = true;
            _isInWoven = value;
        }
    }

    /// <summary>The delegate that was given; null when the greenlet has ended.</summary>
    private Delegate? UserCode => _code is { Target: BoundCall bound } ? bound.Body : _code;

    /// <summary>Whether the calling segment's context is the greenlet's own, as it must be if the segment is to go on elsewhere.</summary>
    internal bool IsContextCurrent => ReferenceEquals(SynchronizationContext.Current, _context);

    /// <summary>Woven code of it goes on after a wait; the baton's holder.</summary>
    internal void RunWoven(Runner runner, WovenWaiter waiter)
    {
        // A wait of another's, as that of a conversion, says nothing of its end here.
        MoveStatus(GreenletStatus.Waiting, GreenletStatus.Running);
        _details?.AwaitBegan = 0;
        RunSegment(_context!, runner, waiter.Stack.ExecutionContext, _resumeWoven, waiter);
        ArmSuspended(runner);
    }

    /// <summary>In a segment, which is about to end: its stack is saved.</summary>
    internal static void Suspend(WovenWaiter waiter)
    {
        // Here and not where the wait begins: there it is nobody's flow any more.
        if (waiter.Greenlet._details is { HasFlows: true })
            waiter.Flow = FlowScope.Current;
        var runner = Runner.Current!;
        waiter.Next = runner.Suspended;
        runner.Suspended = waiter;
    }

    private static void ArmSuspended(Runner runner)
    {
        while (runner.Suspended is { } waiter)
        {
            runner.Suspended = waiter.Next;
            waiter.Next = null;
            ((WovenWaiter)waiter).Arm();
        }
    }
}
