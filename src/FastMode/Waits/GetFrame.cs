namespace GreenletBridge.FastMode;

/// <summary>A wait for another greenlet's end.</summary>
internal class GetFrame(Greenlet greenlet) : Frame
{
    internal Task<bool> Joined { get; set; } = null!;

    public sealed override void Resume(WovenStack stack)
    {
        stack.TakeOutcome();
        Joined.GetAwaiter().GetResult();
        Give(stack);
    }

    // It has ended, or the time is up: a look tells both, with the exception of either.
    private protected virtual void Give(WovenStack stack) => greenlet.Get(TimeSpan.Zero);
}
