namespace GreenletBridge;

/// <summary>The context that is current in every segment of one greenlet: posts go to its hub in its name, and its waits are hooked.</summary>
internal sealed class GreenletContext(Greenlet greenlet) : HookedContext(greenlet)
{
    internal Greenlet Greenlet => greenlet;

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
