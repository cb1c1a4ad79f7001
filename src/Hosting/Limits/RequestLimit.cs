using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;

namespace GreenletBridge.Hosting;

/// <summary>How many requests of one hub, or of the group, run at once; the others wait, first in, first out.</summary>
/// <remarks>
/// The framework's limiter cannot be changed, so a new limit is a new limiter. Requests that run then are carried over: as many of
/// the new permits are taken for them, and given back as they end. Requests that wait then queue anew.
/// </remarks>
internal sealed class RequestLimit : IDisposable
{
    /// <summary>How many may wait unless set.</summary>
    public const int DefaultQueueLimit = 1000;

    private static readonly TimeSpan _mostRetryAfter = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Stack<RateLimitLease> _carried = [];
    private ConcurrencyLimiter? _limiter;
    private int? _concurrency;
    private int? _queueLimit;
    private int _current;
    private int _earlier;
    private double _meanSeconds;

    public RequestLimit(int? concurrency, int? queueLimit) => Change(concurrency, queueLimit);

    /// <summary>Whether nothing limits the requests.</summary>
    public bool IsOpen => Volatile.Read(ref _limiter) is null;

    /// <summary>How many may run; null: any number.</summary>
    public int? Concurrency => _concurrency;

    /// <summary>How many may wait; null: <see cref="DefaultQueueLimit"/>.</summary>
    public int? QueueLimit => _queueLimit;

    /// <summary>How many run that were counted.</summary>
    public int Running => Volatile.Read(ref _current) + Volatile.Read(ref _earlier);

    /// <summary>How many wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return (int)(_limiter?.GetStatistics()?.CurrentQueuedCount ?? 0);
            }
        }
    }

    /// <summary>When a full queue will have been worked off, by what requests took of late; 1 second to 1 minute.</summary>
    public TimeSpan RetryAfter
    {
        get
        {
            var seconds = Volatile.Read(ref _meanSeconds) * ((_queueLimit ?? DefaultQueueLimit) + 1) / (_concurrency ?? 1);
            return TimeSpan.FromSeconds(Math.Clamp(Math.Ceiling(seconds), 1, _mostRetryAfter.TotalSeconds));
        }
    }

    /// <summary>Puts a new limit in force.</summary>
    public void Change(int? concurrency, int? queueLimit)
    {
        ConcurrencyLimiter? old;
        lock (_lock)
        {
            var next = concurrency is { } permits ? Limiter(permits, queueLimit ?? DefaultQueueLimit) : null;
            (old, _limiter) = (_limiter, next);
            _concurrency = concurrency;
            _queueLimit = queueLimit;
            _earlier += _current;
            _current = 0;
            _carried.Clear();
            for (var i = 0; next is not null && i < Math.Min(_earlier, concurrency!.Value); i++)
            {
                _carried.Push(next.AttemptAcquire());
            }
        }

        // Those that wait there come back, find another limiter in force, and queue for that
        old?.Dispose();
    }

    /// <summary>A permit if one is free now and nobody waits; true with none where nothing limits.</summary>
    public bool TryEnter(out RequestPermit? permit)
    {
        lock (_lock)
        {
            permit = null;
            return _limiter is not { } limiter || TryRegister(limiter, limiter.AttemptAcquire(), out permit);
        }
    }

    /// <summary>Waits for a permit; false when too many wait already.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<(bool Entered, RequestPermit? Permit)> EnterAsync(CancellationToken token)
    {
        while (Volatile.Read(ref _limiter) is { } limiter)
        {
            RateLimitLease lease;
            try
            {
                lease = await limiter.AcquireAsync(1, token);
            }
            catch (ObjectDisposedException)
            {
                continue;
            }

            lock (_lock)
            {
                if (ReferenceEquals(limiter, _limiter))
                    return (TryRegister(limiter, lease, out var permit), permit);
            }

            lease.Dispose();
        }

        return (true, null);
    }

    public void Leave(RequestPermit permit)
    {
        lock (_lock)
        {
            permit.Lease.Dispose();
            _meanSeconds += (permit.Age.TotalSeconds - _meanSeconds) / 16;
            if (ReferenceEquals(permit.Limiter, _limiter))
            {
                _current--;
            }
            else if (--_earlier < _carried.Count)
            {
                _carried.Pop().Dispose();
            }
        }
    }

    /// <summary>Limits nothing from now on: those that wait go on, and find out for themselves that their hub has stopped.</summary>
    public void Dispose() => Change(null, null);

    private static ConcurrencyLimiter Limiter(int permits, int queueLimit) => new(new ConcurrencyLimiterOptions
    {
        PermitLimit = permits,
        QueueLimit = queueLimit,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    private bool TryRegister(ConcurrencyLimiter limiter, RateLimitLease lease, [NotNullWhen(true)] out RequestPermit? permit)
    {
        permit = lease.IsAcquired ? new RequestPermit(this, limiter, lease) : null;
        if (permit is null)
            return false;

        _current++;
        return true;
    }
}
