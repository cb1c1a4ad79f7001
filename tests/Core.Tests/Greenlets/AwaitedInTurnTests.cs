using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>Who awaits goes on in its turn when the wait is over; by way of the thread pool it would come after those that waited behind it.</summary>
public sealed class AwaitedInTurnTests : HubTests
{
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    [Theory]
    [MemberData(nameof(Loops))]
    public void Await_OfEachMember_WhoWaitedFirstGoesOnFirst(HubLoop loop)
    {
        var hub = StartExclusive(loop);

        GoesOnFirst(static (gate, _) => Greenlet.WaitAnyAsync([gate]));
        GoesOnFirst(static (_, worker) => Greenlet.JoinAllAsync([worker]));
        GoesOnFirst(static (_, worker) => Greenlet.KillAllAsync([worker]));
        GoesOnFirst(static (gate, _) => Greenlet.WithTimeoutAsync(_hour, async _ => { await gate.WaitAsync(null, CancellationToken.None); }));
        GoesOnFirst(static (gate, _) => Greenlet.WithTimeoutAsync(_hour, async _ => await gate.WaitAsync(null, CancellationToken.None)));
        GoesOnFirst(static (gate, _) => Greenlet.WithTimeoutAsync(_hour, async _ => await gate.WaitAsync(null, CancellationToken.None), false));

        void GoesOnFirst(Func<GreenletEvent, Greenlet, Task> member) => Assert.Equal(["first", "second"], Order(hub, member));
    }

    /// <summary>The first awaits the member, the second the end of a greenlet, which comes with what the first waits for, or right after it.</summary>
    private static List<string> Order(Hub hub, Func<GreenletEvent, Greenlet, Task> member)
    {
        var gate = new GreenletEvent();
        var order = new List<string>();
        Greenlet worker = hub.Spawn(async () => { await gate.WaitAsync(); });
        Waits(worker);
        // Both are queued before the first of them runs: where that kills the worker, the second waits for it all the same
        var (first, second) = Gives(hub.Spawn(() => (First(), Second())));
        Deadline.Wait(() => first.Status >= GreenletStatus.Waiting && second.Status >= GreenletStatus.Waiting, "both to wait", () => hub.Snapshot().ToString());

        // On the hub: all who wait are queued before one of them goes on
        Succeeds(hub.Spawn(gate.Set));

        Succeeds(first, second);
        Ends(worker);
        return order;

        Greenlet First() => hub.Spawn(async () =>
        {
            await member(gate, worker);
            order.Add("first");
        });

        Greenlet Second() => hub.Spawn(async () =>
        {
            await worker.JoinAsync();
            order.Add("second");
        });
    }
}
