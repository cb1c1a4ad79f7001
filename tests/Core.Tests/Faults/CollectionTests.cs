using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Faults;

/// <summary>The collector stops every thread again and again, wherever it is: what lies between two steps is seen by others.</summary>
/// <remarks>Nothing runs beside: a thousand threads of another test make each collection long, and both tests slow.</remarks>
[Collection(nameof(ProcessWide))]
public sealed class CollectionTests : HubTests
{
    private bool _isOver;

    [Theory]
    [MemberData(nameof(Loops))]
    public void Queue_CollectionsAllTheTime_NothingIsLost(HubLoop loop)
    {
        var hub = StartHub(loop);
        var queue = new GreenletQueue<byte[]>(4);
        StartCollecting();
        var putters = Enumerable.Range(0, 4).Select(_ => hub.Spawn(() =>
        {
            for (var i = 0; i < 100; i++)
                queue.Put(new byte[10_000]);
        })).ToArray();
        var getters = Enumerable.Range(0, 4).Select(_ => hub.Spawn(async () =>
        {
            for (var i = 0; i < 100; i++)
                Assert.Equal(10_000, (await queue.GetAsync()).Length);
        })).ToArray();
        Succeeds([.. putters, .. getters]);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Kill_CollectionsAllTheTime_ReachesTheSleepAfterTheWaitThatJustEnds(HubLoop loop)
    {
        // Each kill comes as the wait ends, and a collection may hold the killer, or the greenlet, between any two steps.
        var hub = StartHub(loop);
        StartCollecting();
        for (var round = 0; round < 60; round++)
        {
            using var gate = new ManualResetEventSlim();
            var victim = hub.Spawn(() =>
            {
                gate.Wait();
                SleepLong();
            });
            Waits(victim);
            var setter = new Thread(gate.Set);
            setter.Start();
            Thread.SpinWait(round * 20);
            victim.Kill();
            Deadline.Wait(setter, "the setter");

            Ends(victim);
            Assert.Equal(GreenletStatus.Killed, victim.Status);
        }
    }

    private void StartCollecting()
    {
        var collector = new Thread(() =>
        {
            var random = new Random(1);
            while (!Volatile.Read(ref _isOver))
            {
                GC.Collect(0, GCCollectionMode.Forced, blocking: true);
                // Without any pause the threads that it has stopped hardly get to run before the next one.
                Thread.SpinWait(random.Next(20_000));
            }
        });
        collector.Start();
        AtEnd(() =>
        {
            Volatile.Write(ref _isOver, true);
            Deadline.Wait(collector, "the collector");
        });
    }

#pragma warning disable RS0030 // The sleep of the thread is what the kill has to reach
    private static void SleepLong() => Thread.Sleep(TimeSpan.FromMinutes(2));
#pragma warning restore RS0030
}
