namespace GreenletBridge.FastMode;

/// <summary>As <see cref="GetFrame"/>, with the greenlet's value.</summary>
internal sealed class GetFrame<T>(Greenlet<T> greenlet) : GetFrame(greenlet)
{
    private protected override void Give(WovenStack stack) => stack.Return(greenlet.Get(TimeSpan.Zero));
}
