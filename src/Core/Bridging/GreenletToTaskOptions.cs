namespace GreenletBridge;

/// <summary>How a greenlet becomes a Task.</summary>
public sealed record GreenletToTaskOptions
{
    /// <summary>Starts a greenlet that was not started.</summary>
    /// <value>The default is true; false leaves the Task pending until somebody starts it.</value>
    public bool AutoStartGreenlet { get; init; } = true;

    /// <summary>Kills the greenlet when the Task's token is cancelled.</summary>
    /// <value>The default is true.</value>
    public bool AutoKillGreenlet { get; init; } = true;

    /// <summary>Cancels the Task when the greenlet is killed.</summary>
    /// <value>The default is true; false completes it, with the default as its value.</value>
    public bool AutoCancelTask { get; init; } = true;

    /// <summary>When a Task whose token is cancelled is over.</summary>
    /// <value>The default is <see cref="GreenletCompletion.Immediate"/>.</value>
    public GreenletCompletion Completion { get; init; } = GreenletCompletion.Immediate;

    internal static GreenletToTaskOptions Default { get; } = new();

    internal static GreenletToTaskOptions AfterExit { get; } = new() { Completion = GreenletCompletion.AfterExit };
}
