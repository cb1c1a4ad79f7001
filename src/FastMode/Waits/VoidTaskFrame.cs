namespace GreenletBridge.FastMode;

/// <summary>A wait for a Task whose value is not wanted.</summary>
internal sealed class VoidTaskFrame(Task task, bool isWrapped) : Frame
{
    public override void Resume(WovenStack stack)
    {
        stack.TakeOutcome();
        if (isWrapped)
            task.Wait();
        else
            task.GetAwaiter().GetResult();
    }
}
