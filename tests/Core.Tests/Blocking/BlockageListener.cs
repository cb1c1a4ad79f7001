using System.Collections.Concurrent;

namespace GreenletBridge.Core.Tests.Blocking;

/// <summary>Keeps what the watchdog reports.</summary>
internal sealed class BlockageListener : HubListener
{
    public ConcurrentQueue<Blockage> Detected { get; } = new();

    public ConcurrentQueue<Blockage> Ended { get; } = new();

    public ConcurrentQueue<Hub> Limited { get; } = new();

    public override void OnBlockageDetected(Blockage blockage) => Detected.Enqueue(blockage);

    public override void OnBlockageEnded(Blockage blockage) => Ended.Enqueue(blockage);

    public override void OnWatchLimited(Hub hub) => Limited.Enqueue(hub);
}
