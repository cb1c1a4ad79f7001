using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Loops;

/// <summary>A hub that is just going idle and is posted to in that moment: nobody posts after that, so what it overlooks is lost.</summary>
public sealed class WakeUpStressTests : HubTests
{
    private const int Rounds = 20_000;

    [Theory]
    [MemberData(nameof(Loops))]
    public void Spawn_AsTheHubGoesIdle_Runs(HubLoop loop)
    {
        var hub = StartHub(loop);
        using var ran = new AutoResetEvent(false);
        for (var round = 0; round < Rounds; round++)
        {
            hub.Spawn(() => ran.Set());
            // Woken by the greenlet's own code: the next spawn meets the hub on its way to let go.
            Deadline.Wait(ran, $"greenlet {round}", () => hub.Snapshot().ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Spawn_OfAsyncCodeAsTheHubGoesIdle_Runs(HubLoop loop)
    {
        var hub = StartHub(loop);
        using var ran = new ManualResetEventSlim();
        for (var round = 0; round < Rounds; round++)
        {
            ran.Reset();
            hub.Spawn(() =>
            {
                ran.Set();
                return Task.CompletedTask;
            });
            Deadline.Wait(ran, $"greenlet {round}", () => hub.Snapshot().ToString());
        }
    }
}
