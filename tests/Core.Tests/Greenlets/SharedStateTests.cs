using System.Collections.Concurrent;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>What several threads may change at once: nothing of it is lost. Real threads, so often that two of them meet.</summary>
public sealed class SharedStateTests : HubTests
{
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData("add")]
    [InlineData("remove")]
    [InlineData("close")]
    public void ContinuationList_WhileOneLooks_NobodyChangesIt(string change)
    {
        var (first, second) = (new object(), new object());
        var list = new ContinuationList(first, second);
        using var looks = new ManualResetEventSlim();
        var (isChanged, isChangedMeanwhile) = (false, false);
        var other = new Thread(() =>
        {
            looks.Wait();
            _ = change switch
            {
                "add" => list.TryAdd(new object()),
                "remove" => list.Remove(first),
                _ => list.Close().Count > 0,
            };
            Volatile.Write(ref isChanged, true);
        })
        { IsBackground = true };
        other.Start();

        var found = list.Find(one =>
        {
            looks.Set();
            // Time enough for the other to come in, if nothing kept it out
            isChangedMeanwhile |= SpinWait.SpinUntil(() => Volatile.Read(ref isChanged), 50);
            return ReferenceEquals(one, second);
        });

        Deadline.Wait(other, "the change");
        Assert.False(isChangedMeanwhile);
        Assert.Same(second, found);
    }

    [Fact]
    public void Locals_KeptByTwoThreads_AreAllFound()
    {
        const int Each = 20_000;
        var greenlet = StartHub().Create(static () => { });
        object[] keys = [.. Enumerable.Range(0, 2 * Each).Select(static _ => new object())];

        OnTwoThreads(number =>
        {
            for (var i = number; i < keys.Length; i += 2)
                greenlet.KeepLocal(keys[i], keys[i]);
        });

        Assert.DoesNotContain(keys, key => !ReferenceEquals(key, greenlet.FindLocal(key)));
    }

    [Fact]
    public void Locals_LookedForWhileOthersAreKept_AreFound()
    {
        const int Many = 50_000;
        var greenlet = StartHub().Create(static () => { });
        object[] keys = [.. Enumerable.Range(0, Many).Select(static _ => new object())];
        var (kept, missed) = (0, 0);

        OnTwoThreads(number =>
        {
            if (number == 0)
            {
                for (var i = 0; i < Many; i++)
                {
                    greenlet.KeepLocal(keys[i], keys[i]);
                    Volatile.Write(ref kept, i + 1);
                }

                return;
            }

            // The newest is the last to have its place again when the table grows
            for (var seen = 0; seen < Many; seen = Volatile.Read(ref kept))
                missed += seen > 0 && greenlet.FindLocal(keys[seen - 1]) is null ? 1 : 0;
        });

        Assert.Equal(0, missed);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void DelayedStarts_AddedKilledDueAndListedAtOnce_NoneIsLostOrKept(HubLoop loop)
    {
        const int Each = 3_000;
        var hub = StartHub(loop);
        var ran = 0;

        OnTwoThreads(_ =>
        {
            for (var i = 0; i < Each; i++)
            {
                var later = hub.SpawnLater(_hour, static () => { });
                hub.SpawnLater(TimeSpan.FromTicks(1), () =>
                {
                    Interlocked.Increment(ref ran);
                    return Task.CompletedTask;
                });
                // As a stop does
                Assert.Contains(later, hub.Delayed.ToArray());
                Assert.True(later.Kill());
            }
        });

        Deadline.Wait(() => Volatile.Read(ref ran) == 2 * Each, "those that were due", () => hub.Snapshot().ToString());
        Assert.Empty(hub.Delayed.ToArray());
        Assert.True(hub.Delayed.IsEmpty);
    }

    [Fact]
    public void TimeoutList_AddedToByTwoThreads_AllAreStoppedAsItIsClosed()
    {
        const int Each = 20_000;
        var list = new TimeoutList(StartHub().Create(static () => { }));
        GreenletTimeout[] all = [.. Enumerable.Range(0, 2 * Each).Select(static _ => new GreenletTimeout(null))];

        OnTwoThreads(number =>
        {
            for (var i = number; i < all.Length; i += 2)
                list.Add(all[i], _hour);
        });
        list.Close();

        Assert.DoesNotContain(all, static one => one.IsRunning);
        Assert.True(list.IsEmpty);
    }

    [Fact]
    public void JoinAllSource_EndsOnTwoThreads_AllAreCounted()
    {
        const int Each = 20_000;
        var greenlet = StartHub().Create(static () => { });
        // One that is in it twice counts twice
        var source = JoinAllSource.Of(Enumerable.Repeat(greenlet, 2 * Each), count: null, throwOnError: false, isEndless: false);

        OnTwoThreads(_ =>
        {
            for (var i = 0; i < Each; i++)
                source.OnEnded(greenlet);
        });

        Assert.True(source.IsDone);
        Assert.Equal(2 * Each, source.Result().Count);
    }

    /// <summary>Runs it as number 0 and as number 1 at once.</summary>
    private static void OnTwoThreads(Action<int> work)
    {
        using var together = new Barrier(2);
        var errors = new ConcurrentQueue<Exception>();
        Thread[] threads = [new(() => Run(0)) { IsBackground = true }, new(() => Run(1)) { IsBackground = true }];
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            Deadline.Wait(thread, "both threads", () => string.Join(Environment.NewLine, errors));
        Assert.Empty(errors);

        void Run(int number)
        {
            try
            {
                together.SignalAndWait(Deadline.Default);
                work(number);
            }
            catch (Exception error)
            {
                errors.Enqueue(error);
            }
        }
    }
}
