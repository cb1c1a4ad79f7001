using System.Collections.Concurrent;

namespace GreenletBridge.Core.Toolbox.Synchronization;

/// <summary>The examples of the types' documentation, run.</summary>
public sealed class ExampleTests
{
    [Theory, Loops]
    public async Task Event_Result_Channel(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var hub = lane.Hub;
        var isLoaded = false;
        var loaded = new GreenletEvent();
        _ = hub.Spawn(() => { isLoaded = true; loaded.Set(); });
        loaded.Wait();
        await loaded.WaitAsync();
        Assert.True(isLoaded);

        var answer = new AsyncResult<int>();
        _ = hub.Spawn(() => answer.Set(42));
        Assert.Equal(42, answer.Get());
        Assert.Equal(42, await answer);
        var linked = new AsyncResult<int>();
        hub.Spawn(() => 43).Link(linked.SetFrom);
        Assert.Equal(43, await linked);

        var answers = new GreenletChannel<string>();
        _ = hub.Spawn(() => answers.Put("yes"));
        Assert.Equal("yes", answers.Get());
    }

    [Theory, Loops]
    public async Task Semaphore_Lock_Condition(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var hub = lane.Hub;
        var (running, most) = (0, 0);
        var uploads = new GreenletSemaphore(4);
        Greenlet[] all = [];
        await lane.OnHub(() => all = [.. Enumerable.Range(0, 10).Select(_ => hub.Spawn(() =>
        {
            using (uploads.Acquire())
            {
                most = Math.Max(most, ++running);
                Greenlet.Yield();
                running--;
            }
        }))]);
        foreach (var one in all)
            await one;
        Assert.Equal(4, most);
        using (await uploads.AcquireAsync())
            Assert.Equal(3, uploads.Count);

        var gate = new GreenletLock();
        var stock = 0;
        var changed = new GreenletCondition(gate);
        var buyer = hub.Spawn(() =>
        {
            using (gate.Acquire())
            using (gate.Acquire())
            {
                changed.WaitFor(() => stock > 0);
                return stock;
            }
        });
        _ = hub.Spawn(() =>
        {
            using (gate.Acquire())
            {
                stock++;
                changed.Notify();
            }
        });
        Assert.Equal(1, await lane.ValueOf(buyer));
    }

    [Theory, Loops]
    public async Task Queues(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var done = new ConcurrentBag<int>();
        var jobs = new GreenletQueue<int>(capacity: 100);
        for (var i = 0; i < 4; i++)
        {
            _ = lane.Hub.Spawn(() =>
            {
                foreach (var job in jobs)
                {
                    done.Add(job);
                    jobs.TaskDone();
                }
            });
        }

        for (var i = 0; i < 300; i++)
            jobs.Put(i);
        await jobs.PutAsync(300);
        Assert.True(jobs.Join(Deadline.Default));
        Assert.Equal(Enumerable.Range(0, 301), done.Order());
        jobs.Shutdown();

        var alarms = new GreenletPriorityQueue<(int Level, string Text)>();
        alarms.Put((2, "disk is slow"));
        alarms.Put((1, "disk is full"));
        Assert.Equal((1, "disk is full"), alarms.Get());

        var idle = new GreenletLifoQueue<string>();
        idle.Put("cold");
        idle.Put("warm");
        Assert.Equal("warm", idle.Get());
    }
}
