using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GreenletBridge.Hosting;

/// <summary>The session as a lane function sees it: known by its cookie, so that naming it does not load it.</summary>
/// <remarks>
/// The framework's <c>Session.Id</c> loads the session. A request that did so before its turn would go on with what the session held
/// then, and its changes would undo those of the requests before it.
/// </remarks>
internal sealed class LaneSession(ISession session, string id) : ISession, ISessionFeature
{
    public string Id => id;

    public bool IsAvailable => session.IsAvailable;

    public IEnumerable<string> Keys => session.Keys;

    ISession ISessionFeature.Session
    {
        get => this;
        set => throw new NotSupportedException("A lane function cannot replace the session.");
    }

    /// <summary>Puts the session's stand-in in front, if the request has a session that has been stored; null if not.</summary>
    public static ISessionFeature? Cover(HttpContext context)
    {
        if (context.Features.Get<ISessionFeature>() is not { Session: { } session } real)
            return null;

        var options = context.RequestServices.GetService<IOptions<SessionOptions>>();
        if (options?.Value.Cookie.Name is not { } cookie || context.Request.Cookies[cookie] is not { Length: > 0 } id)
            return null;

        context.Features.Set<ISessionFeature>(new LaneSession(session, id));
        return real;
    }

    public void Clear() => session.Clear();

    public Task LoadAsync(CancellationToken cancellationToken = default) => session.LoadAsync(cancellationToken);

    public Task CommitAsync(CancellationToken cancellationToken = default) => session.CommitAsync(cancellationToken);

    public void Remove(string key) => session.Remove(key);

    public void Set(string key, byte[] value) => session.Set(key, value);

    public bool TryGetValue(string key, [NotNullWhen(true)] out byte[]? value) => session.TryGetValue(key, out value);
}
