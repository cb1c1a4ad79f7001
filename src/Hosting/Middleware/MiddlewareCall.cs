using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GreenletBridge.Hosting;

/// <summary>The rest of the pipeline, with middleware that may look at the greenlet's request and change it.</summary>
internal sealed class MiddlewareCall(CallPolicy policy, string name, HttpContext context, RequestDelegate next) : RequestCall(policy, name, context)
{
    protected override async Task RunBody(Greenlet greenlet)
    {
        var features = Context.Features;
        features.Set(new RequestGreenlet(greenlet));
        var lifetime = features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        using var watched = new WatchedLifetime(lifetime, Policy.KillOnDisconnect, Kill);
        features.Set<IHttpRequestLifetimeFeature>(watched);
        try
        {
            await next(Context);
        }
        finally
        {
            features.Set(lifetime);
        }
    }
}
