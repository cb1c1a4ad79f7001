namespace GreenletBridge.FastMode;

/// <summary>As <see cref="CallFrame"/>, with a value.</summary>
internal sealed class CallFrame<T>(Task<T> task, CancellationTokenSource? call) : CallFrame(task, call)
{
    private protected override void Give(WovenStack stack) => stack.Return(task.GetAwaiter().GetResult());

    private protected override void Lose()
    {
        _ = task.ContinueWith(
            static ended =>
            {
                if (ended.IsCompletedSuccessfully)
                    (ended.Result as IDisposable)?.Dispose();
                else
                    _ = ended.Exception;
            },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
    }
}
