namespace GreenletBridge.FastMode;

/// <summary>What Core asks for the woven form of a delegate that is to run as a greenlet.</summary>
internal sealed class TwinFinder : IWovenFinder
{
    internal static TwinFinder Instance { get; } = new();

    public Body? Find(Action code) => code.Target is BoundCall bound
        ? BoundActionBody.For(Delegates.Find(bound.Body)!)
        : Delegates.Find(code) is { } twin ? ActionBody.For(twin) : null;

    public Body? Find<T>(Func<T> code) => code.Target is BoundCall bound
        ? BoundFunctionBody<T>.For(Delegates.Find(bound.Body)!)
        : Delegates.Find(code) is { } twin ? FunctionBody<T>.For(twin) : null;

    public bool Has(Delegate code) => Delegates.Find(code) is not null;

    public void NoteBlocked(Greenlet greenlet) => FastModeEvents.NoteBlocked(greenlet);
}
