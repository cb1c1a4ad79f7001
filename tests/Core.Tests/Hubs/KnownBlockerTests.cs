using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Hubs;

/// <summary>What the watchdog has learned, as a snapshot tells it.</summary>
public sealed class KnownBlockerTests : IDisposable
{
    private readonly HubGroup _group = new(1, new HubOptions { Name = "learns", BlockingPolicy = BlockingPolicy.HandOff });
    private readonly WorkProfile _profile = new("GET /sleepy");

    public KnownBlockerTests() => _group.Start();

    private Hub Hub => _group.Hubs[0];

    public void Dispose() => _group.Dispose();

    [Fact]
    public void KnownBlockers_NothingBlocked_IsEmpty()
    {
        Assert.Empty(Hub.Snapshot().KnownBlockers);
        Assert.DoesNotContain("blocks unseen", Hub.Snapshot().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task KnownBlockers_AKindOfWorkThatKeepsBlocking_IsNamedAsItsProfile()
    {
        await Learn();

        var known = Assert.Single(Hub.Snapshot(new HubSnapshotOptions { Greenlets = false }).KnownBlockers);
        Assert.True(_profile.BlocksUnseen);
        Assert.Equal("GET /sleepy", known.Key);
        Assert.InRange(known.Detections, 2, 50);
        Assert.InRange(known.KnownFor, TimeSpan.Zero, Deadline.Default);
        Assert.Matches("  blocks unseen: GET /sleepy, known for \\d+ m?s, found \\d+ times", Hub.Snapshot().ToString());
    }

    [Fact]
    public async Task KnownBlockers_AKindThatBlocksNoMore_IsForgotten()
    {
        await Learn();

        for (var i = 0; i < 20; i++)
            _profile.Unseen.NoteClean();

        Assert.False(_profile.BlocksUnseen);
        Assert.Empty(Hub.Snapshot().KnownBlockers);
    }

    private async Task Learn()
    {
        for (var i = 0; i < 50 && !_profile.BlocksUnseen; i++)
        {
            var greenlet = _group.SpawnInPlace(
                static () =>
                {
#pragma warning disable RS0030 // The call that the watchdog is to find
                    Thread.Sleep(20);
#pragma warning restore RS0030
                    return Task.CompletedTask;
                },
                _profile);
            await Deadline.For(_group.Bridge.AsTask(greenlet), "the sleeper", () => Hub.Snapshot().ToString());
        }

        Assert.True(_profile.BlocksUnseen);
    }
}
