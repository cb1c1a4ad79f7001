using Microsoft.AspNetCore.Http;

namespace GreenletBridge.Hosting;

/// <summary>What a request's greenlet runs.</summary>
/// <remarks>An object with a method in place of a closure: the request costs this, and one delegate.</remarks>
internal sealed class RequestBody(HttpContext context, RequestDelegate next, bool fromMiddleware)
{
    public Task Run()
    {
        if (fromMiddleware)
            context.Features.Set(new RequestGreenlet(Greenlet.Current!));

        return next(context);
    }
}
