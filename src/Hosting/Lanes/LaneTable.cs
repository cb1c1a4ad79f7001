namespace GreenletBridge.Hosting;

/// <summary>First-in first-out gates by key. A lane exists only while somebody is in it.</summary>
internal sealed class LaneTable
{
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Lanes that somebody is in.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _lanes.Count;
            }
        }
    }

    /// <summary>Requests that wait for a lane.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _lanes.Values.Sum(lane => lane.Waiting.Count);
            }
        }
    }

    /// <summary>Enters the lane, or waits for it until everybody that came before has left it.</summary>
    /// <returns>The lane, to be disposed; null when <paramref name="queueLimit"/> wait for it already.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled; the place in the queue is given up.</exception>
    public ValueTask<Lane?> EnterAsync(string key, int queueLimit, CancellationToken token)
    {
        lock (_lock)
        {
            if (!_lanes.TryGetValue(key, out var lane))
            {
                _lanes.Add(key, lane = new Lane(this, key));
                return new(lane);
            }

            if (lane.Waiting.Count >= queueLimit)
                return new((Lane?)null);

            var place = lane.Waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            return WaitAsync(lane, place, token);
        }
    }

    public void Leave(Lane lane)
    {
        TaskCompletionSource next;
        lock (_lock)
        {
            if (lane.Waiting.First is not { } first)
            {
                _lanes.Remove(lane.Key);
                return;
            }

            lane.Waiting.RemoveFirst();
            next = first.Value;
        }

        next.SetResult();
    }

    private async ValueTask<Lane?> WaitAsync(Lane lane, LinkedListNode<TaskCompletionSource> place, CancellationToken token)
    {
        // Whoever takes the place off the list decides: its turn, or its end
        await using var registration = token.UnsafeRegister(_ => GiveUp(place, token), null);
        await place.Value.Task;
        return lane;
    }

    private void GiveUp(LinkedListNode<TaskCompletionSource> place, CancellationToken token)
    {
        lock (_lock)
        {
            if (place.List is not { } queue)
                return;

            queue.Remove(place);
        }

        place.Value.SetCanceled(token);
    }
}
