using System.Collections.Concurrent;
using GreenletBridge;
using GreenletBridge.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace WebApi.EndToEnd.Dashboard;

/// <summary>Greenlets of a host that wait until they are disposed.</summary>
internal sealed class Greenlets : IDisposable
{
    private readonly ConcurrentQueue<TaskCompletionSource> _ends = new();
    private readonly Hub _hub;
    private int _count;

    private Greenlets(Hub hub) => _hub = hub;

    /// <summary>So many that await a Task each.</summary>
    public static Greenlets On(Shop shop, int count)
    {
        var greenlets = new Greenlets(HubOf(shop));
        greenlets.Add(count);
        return greenlets;
    }

    /// <summary>Three, each spawned by the one before.</summary>
    public static Greenlets Family(Shop shop)
    {
        var greenlets = new Greenlets(HubOf(shop));
        var end = new TaskCompletionSource();
        greenlets._ends.Enqueue(end);
        greenlets.Spawn(new[] { "grandparent", "parent", "child" }, end.Task);
        Deadline.Wait(() => greenlets._hub.Snapshot().Greenlets.Count(g => g.Status == GreenletStatus.Waiting) >= 3, "three that wait", greenlets._hub.Snapshot().ToString);
        return greenlets;
    }

    /// <summary>Ends so many and makes as many new ones.</summary>
    public void Replace(int count)
    {
        End(count);
        Add(count);
    }

    public void Dispose()
    {
        End(int.MaxValue);
    }

    private static Hub HubOf(Shop shop)
    {
        _ = shop.Address;
        return Deadline.For(shop.Services.GetRequiredService<IGreenletBridge>().RunAsync(() => Hub.Current!), "a hub").GetAwaiter().GetResult();
    }

    private void Add(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _ends.Enqueue(end);
            var greenlet = _hub.Create(async () => await end.Task);
            greenlet.Name = $"worker {_count++}";
            greenlet.Start();
        }
    }

    private void Spawn(ReadOnlyMemory<string> names, Task end)
    {
        var greenlet = _hub.Create(() =>
        {
            if (names.Length > 1)
                Spawn(names[1..], end);
            end.Wait();
        });
        greenlet.Name = names.Span[0];
        greenlet.Start();
    }

    private void End(int count)
    {
        while (count-- > 0 && _ends.TryDequeue(out var end))
        {
            end.TrySetResult();
        }
    }
}
