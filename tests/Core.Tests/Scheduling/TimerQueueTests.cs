using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Scheduling;

/// <summary>Due times in order.</summary>
public sealed class TimerQueueTests
{
    private readonly List<int> _fired = [];

    [Fact]
    public void FireDue_SeveralAreDue_FiresByTimeThenByArrival()
    {
        var queue = new TimerQueue();
        long[] dues = [50, 10, 30, 10, 20, 50, 10];
        for (var i = 0; i < dues.Length; i++)
            queue.Add(new Entry(dues[i], i, _fired));

        Assert.Equal(10, queue.NextDue);
        queue.FireDue(9);
        Assert.Empty(_fired);
        queue.FireDue(30);
        Assert.Equal([1, 3, 6, 4, 2], _fired);
        Assert.Equal(50, queue.NextDue);
        queue.FireDue(50);
        Assert.Equal([1, 3, 6, 4, 2, 0, 5], _fired);
        Assert.Equal(HubClock.Never, queue.NextDue);
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void TryCancel_BeforeItIsDue_NeverFires()
    {
        var queue = new TimerQueue();
        var first = new Entry(10, 0, _fired);
        var early = new Entry(5, 1, _fired);
        Assert.True(early.TryCancel());
        queue.Add(first);
        queue.Add(early);
        queue.Add(new Entry(20, 2, _fired));

        Assert.True(first.TryCancel());
        Assert.False(first.TryCancel());
        Assert.Equal(20, queue.NextDue);
        queue.FireDue(100);

        Assert.Equal([2], _fired);
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void TryCancel_AfterItFired_SaysSo()
    {
        var queue = new TimerQueue();
        var entry = new Entry(1, 0, _fired);
        queue.Add(entry);
        queue.FireDue(1);

        Assert.False(entry.TryCancel());
        Assert.False(entry.TryFire());
        Assert.Equal([0], _fired);
    }

    [Fact]
    public void Add_TimeoutsThatAreCancelledAtOnce_DoNotPileUp()
    {
        var queue = new TimerQueue();
        var most = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var entry = new Entry(1_000_000 + (i % 7), i, _fired);
            queue.Add(entry);
            Assert.True(entry.TryCancel());
            most = Math.Max(most, queue.Count);
        }

        Assert.InRange(most, 1, 1_000);
    }

    [Fact]
    public void Queue_AgainstAModel_FiresTheSameInTheSameOrder()
    {
        const int Seed = 424242;
        var random = new Random(Seed);
        var queue = new TimerQueue();
        var model = new SortedDictionary<(long Due, int Id), Entry>();
        var entries = new List<Entry>();
        var expected = new List<int>();
        var now = 0L;
        for (var i = 0; i < 30_000; i++)
        {
            switch (random.Next(10))
            {
                case < 5:
                    var entry = new Entry(now + random.Next(200), i, _fired);
                    queue.Add(entry);
                    entries.Add(entry);
                    model.Add((entry.Due, i), entry);
                    break;
                case < 8 when entries.Count > 0:
                    var chosen = entries[random.Next(entries.Count)];
                    Assert.True(chosen.TryCancel() == model.Remove((chosen.Due, chosen.Id)), $"seed {Seed}, step {i}");
                    break;
                default:
                    now += random.Next(40);
                    while (model.Count > 0 && model.First() is var next && next.Key.Due <= now)
                    {
                        expected.Add(next.Key.Id);
                        model.Remove(next.Key);
                    }

                    queue.FireDue(now);
                    Assert.True(expected.SequenceEqual(_fired), $"seed {Seed}, step {i}");
                    expected.Clear();
                    _fired.Clear();
                    entries.RemoveAll(static e => !e.IsPending);
                    break;
            }

            Assert.True(queue.NextDue == (model.Count == 0 ? HubClock.Never : model.First().Key.Due), $"seed {Seed}, step {i}");
        }
    }

    [Fact]
    public void TryCancel_RacesWithAddAndFire_IsEitherFiredOrCancelled()
    {
        const int Rounds = 20_000;
        var queue = new TimerQueue();
        var cancelled = 0;
        var current = new Entry(0, 0, _fired);
        Assert.True(current.TryCancel());
        var stop = false;
        var canceller = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                if (Volatile.Read(ref current).TryCancel())
                    cancelled++;
            }
        });
        canceller.Start();
        for (var i = 1; i <= Rounds; i++)
        {
            var entry = new Entry(i, i, _fired);
            Volatile.Write(ref current, entry);
            queue.Add(entry);
            Thread.SpinWait(i % 20);
            if (i % 3 == 0)
                queue.FireDue(i);
        }

        Volatile.Write(ref stop, true);
        Deadline.Wait(canceller, "the canceller");
        queue.FireDue(Rounds);

        Assert.Equal(Rounds, _fired.Count + cancelled);
        Assert.Equal(HubClock.Never, queue.NextDue);
    }

    private sealed class Entry(long due, int id, List<int> fired) : TimerEntry(due)
    {
        private bool _fired;

        internal int Id => id;

        internal bool IsPending => !_fired && !IsCanceled;

        protected override void Fire()
        {
            _fired = true;
            fired.Add(id);
        }
    }
}
