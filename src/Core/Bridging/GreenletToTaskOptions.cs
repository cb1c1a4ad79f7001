namespace GreenletBridge;

/// <summary>How a greenlet becomes a Task.</summary>
public sealed record GreenletToTaskOptions
{
    /// <summary>Starts a greenlet that was not started.</summary>
    /// <value>The default is true; false leaves the Task pending until somebody starts it, so SyncToAsync does not take it.</value>
    public bool AutoStartGreenlet { get; init; } = true;

    /// <summary>Kills the greenlet when the Task's token is cancelled.</summary>
    /// <value>The default is true.</value>
    public bool AutoKillGreenlet { get; init; } = true;

    /// <summary>Cancels the Task when the greenlet is killed.</summary>
    /// <value>The default is true; false completes it, with the default as its value.</value>
    public bool AutoCancelTask { get; init; } = true;

    /// <summary>When a Task whose token is cancelled is over.</summary>
    /// <value>The default is <see cref="GreenletCompletion.Immediate"/>; <see cref="GreenletCompletion.AfterExit"/> needs <see cref="AutoKillGreenlet"/>.</value>
    public GreenletCompletion Completion { get; init; } = GreenletCompletion.Immediate;

    internal static GreenletToTaskOptions Default { get; } = new();

    internal static GreenletToTaskOptions AfterExit { get; } = new() { Completion = GreenletCompletion.AfterExit };

    /// <exception cref="ArgumentException">A value is unknown, or two contradict each other.</exception>
    internal void Validate()
    {
        if (Completion is not (GreenletCompletion.Immediate or GreenletCompletion.AfterExit))
            throw new ArgumentOutOfRangeException(nameof(Completion), Completion, $"GreenletToTaskOptions.Completion must be one of: {string.Join(", ", Enum.GetNames<GreenletCompletion>())}.");
        if (Completion == GreenletCompletion.AfterExit && !AutoKillGreenlet)
        {
            throw new ArgumentException(
                "Completion.AfterExit lets a cancelled Task wait for the end of its greenlet, which AutoKillGreenlet = false never brings about: choose one.", nameof(Completion));
        }
    }

    /// <summary>As <see cref="Validate"/>, for a greenlet that nobody but the conversion knows.</summary>
    /// <exception cref="ArgumentException">A value is unknown, or two contradict each other, or nobody could start the greenlet.</exception>
    internal void ValidateForCall()
    {
        Validate();
        if (!AutoStartGreenlet)
            throw new ArgumentException("AutoStartGreenlet = false would leave every call pending: nobody else knows the call's greenlet.", nameof(AutoStartGreenlet));
    }
}
