using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;

namespace GreenletBridge.Hosting;

/// <summary>Measures once for all open pages and tells each of them what has changed. Sleeps when none is open.</summary>
/// <remarks>As a listener it has hubs list their greenlets from the begin on while a page is open.</remarks>
internal sealed class DashboardFeed(HubDirectory directory, TopBlockers blockers, TimeProvider? time = null, IHostApplicationLifetime? application = null)
    : HubListener, IDisposable
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly List<Channel<SseItem<byte[]>>> _pages = [];
    private readonly Queue<DashboardFrame> _history = new();
    private readonly DashboardSampler _sampler = new(directory, blockers, time ?? TimeProvider.System);
    private ITimer? _timer;
    private int _open;
    private int _idleTicks;

    public override HubEvents Wanted => Volatile.Read(ref _open) > 0 ? HubEvents.Greenlets : HubEvents.None;

    /// <summary>Pages that are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Whether it measures.</summary>
    public bool IsAwake => Volatile.Read(ref _timer) is not null;

    /// <summary>What one page is told, from its history on. Ends with the application, and when the page does not keep up: a browser then connects again.</summary>
    public async IAsyncEnumerable<SseItem<byte[]>> Events([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, application?.ApplicationStopping ?? CancellationToken.None);
        var page = Channel.CreateBounded<SseItem<byte[]>>(DashboardSettings.MostEvents);
        var first = Enter(page);
        try
        {
            // A page may leave in the middle of these
            foreach (var item in first)
            {
                yield return item;
            }

            while (await Arrived(page.Reader, stop.Token))
            {
                while (page.Reader.TryRead(out var item))
                {
                    yield return item;
                }
            }
        }
        finally
        {
            Leave(page);
        }
    }

    /// <summary>Everything as one document.</summary>
    public DashboardSnapshot Snapshot()
    {
        // With a memory of its own: what pages know must not be taken for known
        var sampler = new DashboardSampler(directory, blockers, _time);
        sampler.Changes();
        return new DashboardSnapshot(sampler.Frame(), [.. sampler.Rows]);
    }

    public void Dispose() => _timer?.Dispose();

    private static async Task<bool> Arrived(ChannelReader<SseItem<byte[]>> reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.WaitToReadAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private List<SseItem<byte[]>> Enter(Channel<SseItem<byte[]>> page)
    {
        lock (_lock)
        {
            Interlocked.Increment(ref _open);
            _idleTicks = 0;
            // What has changed since the last look is news for those that are open
            if (_sampler.Changes() is { } changes)
            {
                foreach (var item in RowEvents(changes))
                {
                    Tell(item);
                }
            }

            _pages.Add(page);
            if (_history.Count == 0)
            {
                Remember(_sampler.Frame());
            }

            _timer ??= _time.CreateTimer(static feed => ((DashboardFeed)feed!).Tick(), this, DashboardSettings.Interval, DashboardSettings.Interval);
            var first = new List<SseItem<byte[]>> { new(JsonSerializer.SerializeToUtf8Bytes([.. _history], DashboardJson.Default.DashboardFrameArray), "history") };
            first.AddRange(RowEvents(new RowChanges(Reset: true, [.. _sampler.Rows], [])));
            return first;
        }
    }

    private void Leave(Channel<SseItem<byte[]>> page)
    {
        lock (_lock)
        {
            _pages.Remove(page);
            Interlocked.Decrement(ref _open);
        }
    }

    private void Tick()
    {
        // A look that takes longer than the interval must not be joined by the next one
        if (!_lock.TryEnter())
            return;
        try
        {
            if (Open == 0 && ++_idleTicks >= DashboardSettings.IdleTicks)
            {
                _timer?.Dispose();
                _timer = null;
                _history.Clear();
                return;
            }

            var frame = _sampler.Frame();
            Remember(frame);
            if (Open == 0)
                return;
            Tell(new(JsonSerializer.SerializeToUtf8Bytes(frame, DashboardJson.Default.DashboardFrame), "frame"));
            if (_sampler.Changes() is not { } changes)
                return;
            foreach (var item in RowEvents(changes))
            {
                Tell(item);
            }
        }
        finally
        {
            _lock.Exit();
        }
    }

    private void Remember(DashboardFrame frame)
    {
        // The lists of blockers are of interest as they are now
        _history.Enqueue(frame with { Blockers = [], Blocking = [], Known = [] });
        if (_history.Count > DashboardSettings.History)
        {
            _history.Dequeue();
        }
    }

    private void Tell(SseItem<byte[]> item)
    {
        foreach (var page in _pages)
        {
            if (!page.Writer.TryWrite(item))
            {
                page.Writer.TryComplete();
            }
        }
    }

    private static IEnumerable<SseItem<byte[]>> RowEvents(RowChanges changes)
    {
        var reset = changes.Reset;
        var gone = changes.Gone;
        for (var at = 0; at < changes.Changed.Count || reset || gone.Count > 0; at += DashboardSettings.RowsPerEvent)
        {
            var part = new RowChanges(reset, [.. changes.Changed.Skip(at).Take(DashboardSettings.RowsPerEvent)], gone);
            yield return new(JsonSerializer.SerializeToUtf8Bytes(part, DashboardJson.Default.RowChanges), "rows");
            (reset, gone) = (false, []);
        }
    }
}
