namespace GreenletBridge;

/// <summary>An async delegate with a value.</summary>
internal sealed class AsyncBody<T>(Func<Task<T>> function) : AsyncBody(function)
{
    protected override void EndWithValue(Task task) => ((Greenlet<T>)Greenlet).EndWith(((Task<T>)task).Result);
}
