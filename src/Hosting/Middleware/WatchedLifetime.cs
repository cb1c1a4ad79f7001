using Microsoft.AspNetCore.Http.Features;

namespace GreenletBridge.Hosting;

/// <summary>A request's lifetime whose token may be replaced while the request runs in a greenlet, as by a request timeout: that kills it as well.</summary>
/// <param name="inner">The lifetime itself.</param>
/// <param name="killsOnDisconnect">Whether it is killed too when the replaced token, of which others are often made, is cancelled.</param>
/// <param name="kill">Kills the greenlet; on any thread.</param>
internal sealed class WatchedLifetime(IHttpRequestLifetimeFeature inner, bool killsOnDisconnect, Action kill) : IHttpRequestLifetimeFeature, IDisposable
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
            _registration = value == _first ? default : value.UnsafeRegister(static lifetime => ((WatchedLifetime)lifetime!).End(), this);
        }
    }

    public void Abort() => inner.Abort();

    public void Dispose() => _registration.Unregister();

    private void End()
    {
        if (killsOnDisconnect || !_first.IsCancellationRequested)
        {
            kill();
        }
    }
}
