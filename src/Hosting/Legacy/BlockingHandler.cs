using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GreenletBridge.Hosting;

/// <summary>A synchronous handler as the server wants one; allows synchronous access to the bodies while it runs.</summary>
internal sealed class BlockingHandler(Action<HttpContext> handler)
{
    public Task InvokeAsync(HttpContext context)
    {
        var bodies = context.Features.Get<IHttpBodyControlFeature>();
        if (bodies is null or { AllowSynchronousIO: true })
        {
            handler(context);
            return Task.CompletedTask;
        }

        bodies.AllowSynchronousIO = true;
        try
        {
            handler(context);
        }
        finally
        {
            bodies.AllowSynchronousIO = false;
        }

        return Task.CompletedTask;
    }
}
