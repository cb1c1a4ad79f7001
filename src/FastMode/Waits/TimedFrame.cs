namespace GreenletBridge.FastMode;

/// <summary>A wait that says whether what was waited for came in time.</summary>
internal sealed class TimedFrame(CancellationToken token) : Frame
{
    public override void Resume(WovenStack stack)
    {
        var outcome = stack.TakeOutcome();
        if (outcome == WaitOutcome.Canceled)
            throw new OperationCanceledException(token);
        stack.Return(outcome == WaitOutcome.Completed);
    }
}
