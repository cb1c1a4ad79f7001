namespace GreenletBridge.FastMode;

/// <summary>A wait for a Task whose value is wanted.</summary>
internal sealed class TaskFrame<T>(Task<T> task, bool isWrapped) : Frame
{
    public override void Resume(WovenStack stack)
    {
        stack.TakeOutcome();
        stack.Return(isWrapped ? task.Result : task.GetAwaiter().GetResult());
    }
}
