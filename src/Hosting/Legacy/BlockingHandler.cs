using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GreenletBridge.Hosting;

/// <summary>A synchronous handler as the server wants one; allows synchronous access to the bodies while it runs.</summary>
internal sealed class BlockingHandler(Action<HttpContext> handler)
{
    public Task InvokeAsync(HttpContext context)
    {
        var bodies = context.Features.Get<IHttpBodyControlFeature>();
        var wasAllowed = bodies?.AllowSynchronousIO;
        var body = context.Response.Body;
        bodies?.AllowSynchronousIO = true;
        context.Response.Body = new LeavableStream(body, context.RequestAborted);
        try
        {
            handler(context);
        }
        finally
        {
            context.Response.Body = body;
            bodies?.AllowSynchronousIO = wasAllowed!.Value;
        }

        return Task.CompletedTask;
    }
}
