using Microsoft.AspNetCore.Http.Features;

namespace GreenletBridge.Hosting;

/// <summary>A request's lifetime whose token may be replaced while the request runs in a greenlet, as by a request timeout: that kills it as well.</summary>
internal sealed class WatchedLifetime(IHttpRequestLifetimeFeature inner, Action kill) : IHttpRequestLifetimeFeature, IDisposable
{
    private readonly CancellationToken _first = inner.RequestAborted;
    private CancellationTokenRegistration _registration;

    public CancellationToken RequestAborted
    {
        get => inner.RequestAborted;
        set
        {
            inner.RequestAborted = value;
            _registration.Unregister();
            _registration = value == _first ? default : value.UnsafeRegister(static kill => ((Action)kill!)(), kill);
        }
    }

    public void Abort() => inner.Abort();

    public void Dispose() => _registration.Unregister();
}
