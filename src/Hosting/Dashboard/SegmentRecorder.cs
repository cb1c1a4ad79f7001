using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Hosting;

namespace GreenletBridge.Hosting;

/// <summary>Records the segments of hubs whose timeline is open, and only those.</summary>
internal sealed class SegmentRecorder(TimeProvider? time = null, IHostApplicationLifetime? application = null) : HubListener
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private ImmutableArray<Recording> _recordings = [];

    public override HubEvents Wanted => _recordings.IsEmpty ? HubEvents.None : HubEvents.Segments;

    public override void OnSegmentEnded(in HubSegment segment)
    {
        foreach (var recording in _recordings)
        {
            recording.Add(segment);
        }
    }

    /// <summary>The segments of a hub, in batches, until the page or the application goes.</summary>
    public async IAsyncEnumerable<SseItem<byte[]>> Events(string hub, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, application?.ApplicationStopping ?? CancellationToken.None);
        using var timer = new PeriodicTimer(DashboardSettings.TimelineInterval, _time);
        var recording = new Recording(hub);
        ImmutableInterlocked.Update(ref _recordings, static (all, one) => all.Add(one), recording);
        try
        {
            do
            {
                // The first, empty one tells the page that the recording has begun
                var batch = recording.Take(_time.GetUtcNow().ToUnixTimeMilliseconds());
                yield return new(JsonSerializer.SerializeToUtf8Bytes(batch, DashboardJson.Default.SegmentBatch), "segments");
            }
            while (await Ticked(timer, stop.Token));
        }
        finally
        {
            ImmutableInterlocked.Update(ref _recordings, static (all, one) => all.Remove(one), recording);
        }
    }

    private static async Task<bool> Ticked(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private sealed class Recording(string hub)
    {
        private readonly ConcurrentQueue<HubSegment> _segments = new();
        private int _count;

        public void Add(in HubSegment segment)
        {
            if (segment.Hub.Name == hub && Interlocked.Increment(ref _count) <= DashboardSettings.MostSegments)
            {
                _segments.Enqueue(segment);
            }
        }

        public SegmentBatch Take(long now)
        {
            var count = Interlocked.Exchange(ref _count, 0);
            var at = Stopwatch.GetTimestamp();
            var segments = new List<double[]>();
            var names = new Dictionary<long, string>();
            while (_segments.TryDequeue(out var segment))
            {
                var id = segment.Greenlet.Id;
                segments.Add(
                [
                    id,
                    Math.Round(Stopwatch.GetElapsedTime(segment.Began, at).TotalMilliseconds, 3),
                    Math.Round(Stopwatch.GetElapsedTime(segment.Began, segment.Ended).TotalMilliseconds, 3),
                    segment.IsDetached ? 1 : 0,
                ]);
                if (segment.Greenlet.Name is { } name)
                {
                    names[id] = name;
                }
            }

            return new SegmentBatch(hub, now, segments, names, Math.Max(0, count - DashboardSettings.MostSegments));
        }
    }
}
