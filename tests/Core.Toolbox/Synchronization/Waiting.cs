using System.Globalization;

namespace GreenletBridge.Core.Toolbox.Synchronization;

/// <summary>What the tests of this folder say in many places.</summary>
internal static class Waiting
{
    /// <summary>A hub on which nothing runs beside a segment, however slow the machine: what a segment does at once, it does at once.</summary>
    public static HubUnderTest Lane(HubLoop loop, bool start = true) => new(loop, start, static options => options.StrictExclusive = true);

    /// <summary>Spawns greenlets that wait, one after the other, and returns when all of them do.</summary>
    public static async Task<Greenlet<T>[]> SpawnWaiting<T>(this HubUnderTest lane, BodyKind body, int count, Func<BodyWaits, int, ValueTask<T>> wait)
    {
        var all = new Greenlet<T>[count];
        for (var i = 0; i < count; i++)
        {
            var number = i;
            all[i] = lane.Create<T>(body, async waits => await wait(waits, number));
            all[i].Name = number.ToString(CultureInfo.InvariantCulture);
            all[i].Start();
            await lane.Until(() => all[number].Status == GreenletStatus.Waiting, $"waiter {number} waits");
        }

        return all;
    }

    /// <inheritdoc cref="SpawnWaiting{T}(HubUnderTest, BodyKind, int, Func{BodyWaits, int, ValueTask{T}})"/>
    public static async Task<Greenlet<T>> SpawnWaiting<T>(this HubUnderTest lane, BodyKind body, Func<BodyWaits, ValueTask<T>> wait) =>
        (await lane.SpawnWaiting(body, 1, (waits, _) => wait(waits)))[0];

    /// <summary>The value of a greenlet.</summary>
    public static Task<T> ValueOf<T>(this HubUnderTest lane, Greenlet<T> greenlet) =>
        lane.For(lane.Bridge.AsTask(greenlet), $"the value of {greenlet}");

    /// <summary>Waits until a greenlet has ended by a kill.</summary>
    public static async Task Killed(this HubUnderTest lane, Greenlet greenlet)
    {
        await lane.Ended(greenlet);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    /// <summary>Runs code on the hub in one segment: nothing else runs on the hub meanwhile.</summary>
    public static Task OnHub(this HubUnderTest lane, Action code) => lane.For(lane.Bridge.AsTask(lane.Hub.Spawn(code)), "the segment");
}
