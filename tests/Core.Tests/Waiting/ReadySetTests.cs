using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Waiting;

/// <summary>Several things to wait for, one after the other.</summary>
public class ReadySetTests
{
    [Fact]
    public async Task Next_TheTimeIsUp_WhatBecomesReadyAfterwardsIsGivenTheNextTime()
    {
        GreenletEvent[] events = [new(), new()];
        using var set = new ReadySet(events);

        var given = await Deadline.For(
            Task.Run(() =>
            {
                var none = set.Next(TimeSpan.FromMilliseconds(1), CancellationToken.None);
                events[1].Set();
                var first = set.Next(null, CancellationToken.None);
                events[0].Set();
                return new[] { none, first, set.Next(TimeSpan.Zero, CancellationToken.None) };
            }),
            "the events one by one");

        Assert.Equal([null, events[1], events[0]], given);
    }
}
