using System.Collections.Concurrent;

namespace GreenletBridge.Core.Conformance;

/// <summary>Keeps what a hub reports.</summary>
internal sealed class RecordingListener : HubListener
{
    public ConcurrentQueue<(Greenlet Greenlet, Exception Exception)> Faults { get; } = new();

    public ConcurrentQueue<Exception> Unhandled { get; } = new();

    public override void OnGreenletFaulted(Greenlet greenlet, Exception exception) => Faults.Enqueue((greenlet, exception));

    public override void OnUnhandledException(Greenlet greenlet, Exception exception) => Unhandled.Enqueue(exception);
}
