namespace GreenletBridge;

/// <summary>The Task of a greenlet without a value.</summary>
internal sealed class VoidPromise(GreenletToTaskOptions options) : GreenletPromise<bool>(options)
{
    private protected override bool ValueOf(Greenlet greenlet) => true;
}
