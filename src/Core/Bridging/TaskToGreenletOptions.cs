namespace GreenletBridge;

/// <summary>How a Task, or an async function, becomes a greenlet.</summary>
public sealed record TaskToGreenletOptions
{
    /// <summary>Starts a Task that was created cold when the greenlet starts.</summary>
    /// <value>The default is true; false waits until somebody starts it.</value>
    public bool AutoStartTask { get; init; } = true;

    /// <summary>Cancels the async function's token when the greenlet is killed.</summary>
    /// <value>The default is true.</value>
    public bool AutoCancelTask { get; init; } = true;

    /// <summary>Lets the greenlet end as killed when the Task is cancelled.</summary>
    /// <value>The default is true; false lets it fail with the <see cref="OperationCanceledException"/>.</value>
    public bool AutoKillGreenlet { get; init; } = true;

    /// <summary>Where the greenlet runs.</summary>
    /// <value>Null (the default): the caller's hub, else the one of the bridge.</value>
    public Hub? Hub { get; init; }

    internal static TaskToGreenletOptions Default { get; } = new();
}
