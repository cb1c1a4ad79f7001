namespace GreenletBridge;

/// <summary>The Task of a greenlet with a value.</summary>
internal sealed class ValuePromise<T>(GreenletToTaskOptions options) : GreenletPromise<T>(options)
{
    private protected override T? ValueOf(Greenlet greenlet) => ((Greenlet<T>)greenlet).ValueOrDefault();
}
