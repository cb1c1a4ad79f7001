using Microsoft.AspNetCore.Http;

namespace GreenletBridge.Hosting;

/// <summary>What a request's greenlet runs.</summary>
/// <remarks>An object with a method in place of a closure: the request costs this, and one delegate.</remarks>
internal sealed class RequestBody(HttpContext context, RequestDelegate next, string? name, bool fromMiddleware)
{
    public Task Run()
    {
        var greenlet = Greenlet.Current!;
        greenlet.Name = name;
        greenlet.Tag = name;
        if (fromMiddleware)
        {
            context.Features.Set(new RequestGreenlet(greenlet));
        }

        return next(context);
    }
}
