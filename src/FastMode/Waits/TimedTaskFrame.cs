namespace GreenletBridge.FastMode;

/// <summary>A wait for a Task that a time or a token may end.</summary>
internal sealed class TimedTaskFrame(Task task, CancellationToken token) : Frame
{
    public override void Resume(WovenStack stack)
    {
        switch (stack.TakeOutcome())
        {
            case WaitOutcome.Canceled:
                throw new OperationCanceledException(token);
            case WaitOutcome.TimedOut:
                stack.Return(false);
                break;
            default:
                // Its error, as the runtime's own wait gives it.
                task.Wait(CancellationToken.None);
                stack.Return(true);
                break;
        }
    }
}
