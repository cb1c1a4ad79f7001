using System.Diagnostics;
using System.Threading.RateLimiting;

namespace GreenletBridge.Hosting;

/// <summary>A request's place under a limit, from before its greenlet is spawned until that has ended.</summary>
internal sealed class RequestPermit(RequestLimit limit, RateLimiter limiter, RateLimitLease lease) : IDisposable
{
    private readonly long _begun = Stopwatch.GetTimestamp();

    public RequestLimit Limit => limit;

    public RateLimiter Limiter => limiter;

    public RateLimitLease Lease => lease;

    public TimeSpan Age => Stopwatch.GetElapsedTime(_begun);

    public void Dispose() => limit.Leave(this);
}
