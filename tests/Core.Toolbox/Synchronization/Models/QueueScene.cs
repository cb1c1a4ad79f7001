namespace GreenletBridge.Core.Toolbox.Synchronization.Models;

/// <summary>All queues: the model keeps a list in the order of taking. A channel is a queue without places.</summary>
internal sealed class QueueScene(QueueScene.Real real, int capacity, Func<List<int>, int, int> placeOf, bool isSorted, bool ends) : Scene
{
    private readonly List<int> _items = [];
    private readonly List<ModelWait> _reserved = [];
    private int _unfinished;
    private int _lastItem = 1_000_000;
    private bool _isShut;

    /// <summary>What the scene needs of a queue or channel.</summary>
    internal sealed record Real(
        Func<int, bool> TryPut,
        Func<int?> TryGet,
        Func<BodyWaits, int, TimeSpan, CancellationToken, ValueTask<bool>> Put,
        Func<BodyWaits, TimeSpan?, CancellationToken, ValueTask<int>> Get,
        GreenletQueue<int>? Queue,
        Action<bool> Shutdown);

    public override string[] Kinds => real.Queue is null ? ["put", "get"] : ["put", "put", "get", "get", "peek", "join"];

    public static QueueScene Of(GreenletQueue<int> queue, Func<List<int>, int, int> placeOf, bool isSorted, bool ends) => new(
        new Real(
            item => queue.TryPut(item),
            () => queue.TryGet(out var item) ? item : null,
            (waits, item, limit, token) => waits.Of(() => queue.TryPut(item, limit, token), () => queue.TryPutAsync(item, limit, token)),
            (waits, limit, token) => waits.Of(() => queue.Get(limit, token), () => queue.GetAsync(limit, token)),
            queue,
            queue.Shutdown),
        queue.Capacity ?? int.MaxValue,
        placeOf,
        isSorted,
        ends);

    public static QueueScene Of(GreenletChannel<int> channel, bool ends) => new(
        new Real(
            item => channel.TryPut(item),
            () => channel.TryGet(out var item) ? item : null,
            (waits, item, limit, token) => waits.Of(() => channel.TryPut(item, limit, token), () => channel.TryPutAsync(item, limit, token)),
            (waits, limit, token) => waits.Of(() => channel.Get(limit, token), () => channel.GetAsync(limit, token)),
            null,
            _ => channel.Shutdown()),
        0,
        static (items, _) => items.Count,
        isSorted: false,
        ends);

    public override string Act(Random random)
    {
        switch (random.Next(ends ? 12 : 10))
        {
            case < 4:
                var item = isSorted ? random.Next(2_000_000) : _lastItem++;
                if (_isShut)
                    Assert.Throws<QueueShutDownException>(() => real.TryPut(item));
                else
                    Assert.Equal(Put(item), real.TryPut(item));
                return $"TryPut({item})";
            case < 8:
                Assert.Equal(Take(), real.TryGet());
                return "TryGet";
            case < 10:
                return Done();
            default:
                if (random.Next(12) == 0)
                    Shutdown(immediate: random.Next(2) == 0);
                return $"shut down: {_isShut}";
        }
    }

    public override async ValueTask<string> Wait(ModelWait wait, BodyWaits waits, TimeSpan? timeout)
    {
        var token = wait.Cancel.Token;
        try
        {
            return wait.Kind switch
            {
                "put" => await real.Put(waits, wait.Item, timeout ?? Timeout.InfiniteTimeSpan, token) ? "put" : "timeout",
                "get" => $"{await real.Get(waits, timeout, token)}",
                "peek" => $"{await waits.Of(() => real.Queue!.Peek(timeout, token), () => real.Queue!.PeekAsync(timeout, token))}",
                _ => await waits.Of(() => real.Queue!.Join(timeout, token), () => real.Queue!.JoinAsync(timeout, token)) ? "done" : "timeout",
            };
        }
        catch (TimeoutException)
        {
            return "timeout";
        }
        catch (QueueShutDownException)
        {
            return "shut";
        }
    }

    public override void Begin(ModelWait wait)
    {
        wait.Expected = wait.Kind switch
        {
            "put" => _isShut ? "shut" : Put(wait.Item) ? "put" : null,
            "get" => Take() is { } item ? $"{item}" : _isShut ? "shut" : null,
            "peek" => _items.Count > 0 ? $"{_items[0]}" : _isShut ? "shut" : null,
            _ => _unfinished == 0 ? "done" : null,
        };
        if (wait.Expected is null)
            Waiting.Add(wait);
    }

    public override void Settle()
    {
        while (_reserved.Count > 0)
        {
            var wait = _reserved[0];
            _reserved.RemoveAt(0);
            wait.Expected = _isShut ? "shut" : "put";
            if (_isShut)
                continue;
            if (Grant(wait.Item))
                LetIn();
            else
                Add(wait.Item);
        }
    }

    public override void Check()
    {
        if (real.Queue is not { } queue)
            return;
        Assert.Equal(_items.Count, queue.Count);
        Assert.Equal(_unfinished, queue.UnfinishedCount);
        Assert.Equal(_items.Count > 0, queue.TryPeek(out var first));
        Assert.Equal(_items.FirstOrDefault(), first);
        Assert.Equal(_isShut, queue.IsShutDown);
    }

    private bool Put(int item)
    {
        if (Grant(item))
            return true;
        if (_items.Count + _reserved.Count >= capacity)
            return false;
        Add(item);
        return true;
    }

    private void Add(int item)
    {
        _items.Insert(placeOf(_items, item), item);
        _unfinished++;
    }

    private bool Grant(int item)
    {
        while (Waiting.Find(static wait => wait.Kind is "get" or "peek") is { } taker)
        {
            End(taker, $"{item}");
            if (taker.Kind == "peek")
                continue;
            _unfinished++;
            return true;
        }

        return false;
    }

    private int? Take()
    {
        if (_items.Count > 0)
        {
            var item = _items[0];
            _items.RemoveAt(0);
            LetIn();
            return item;
        }

        if (capacity > 0 || Waiting.Find(static wait => wait.Kind == "put") is not { } putter)
            return null;
        _unfinished++;
        End(putter, "put");
        return putter.Item;
    }

    private void LetIn()
    {
        while (_items.Count + _reserved.Count < capacity && Waiting.Find(static wait => wait.Kind == "put") is { } putter)
        {
            End(putter, "put");
            if (isSorted)
                _reserved.Add(putter);
            else
                Add(putter.Item);
        }
    }

    private string Done()
    {
        if (real.Queue is not { } queue)
            return "nothing";
        if (_unfinished == 0)
        {
            Assert.Throws<InvalidOperationException>(queue.TaskDone);
            return "TaskDone, too many";
        }

        queue.TaskDone();
        if (--_unfinished == 0)
            Wake("join", int.MaxValue, "done");
        return "TaskDone";
    }

    private void Shutdown(bool immediate)
    {
        real.Shutdown(immediate);
        _isShut = true;
        foreach (var kind in (string[])["put", "get", "peek"])
            Wake(kind, int.MaxValue, "shut");
        if (!immediate)
            return;
        _unfinished = Math.Max(0, _unfinished - _items.Count);
        _items.Clear();
        if (_unfinished == 0)
            Wake("join", int.MaxValue, "done");
    }
}
