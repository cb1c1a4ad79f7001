using System.Runtime.ExceptionServices;

namespace GreenletBridge.FastMode;

/// <summary>A wait for the async form of a call: a kill cancels it and waits until it has ended.</summary>
/// <remarks>Otherwise the code that cleans up would use a connection on which the call is still under way.</remarks>
internal class CallFrame(Task task, CancellationTokenSource? call) : Frame
{
    // As long as drivers give a server to answer; what lasts longer is left behind.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private Exception? _kill;

    public sealed override void Resume(WovenStack stack)
    {
        if (_kill is not null)
        {
            stack.Greenlet.RemoveShield();
            stack.TakeOutcome();
            Lose();
            ExceptionDispatchInfo.Throw(_kill);
        }

        try
        {
            stack.TakeOutcome();
        }
        catch (Exception e)
        {
            _kill = e;
        }

        if (_kill is null)
        {
            call?.Dispose();
            Give(stack);
            return;
        }

        if (call is not null)
            Cancel(call);
        // Another kill waits until this one is thrown
        stack.Greenlet.AddShield();
        stack.Suspend(this, new TaskSource(task)).EndsBy(_patience, isRealTime: true);
    }

    /// <summary>The call has ended: its value goes to the caller.</summary>
    private protected virtual void Give(WovenStack stack) => task.GetAwaiter().GetResult();

    /// <summary>The caller is gone: nobody disposes the value, nobody asks for the error.</summary>
    private protected virtual void Lose() => _ = task.Exception;

    private static void Cancel(CancellationTokenSource call)
    {
        try
        {
            call.Cancel();
        }
        catch (AggregateException)
        {
            // A callback of whoever was called; the kill is what is thrown
        }
    }
}
