using GreenletBridge.FastMode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GreenletBridge.Hosting;

/// <summary>A synchronous handler as the server wants one; allows synchronous access to the bodies while it runs.</summary>
internal sealed class BlockingHandler(Action<HttpContext> handler)
{
    private readonly Lazy<WovenMethod?> _woven = new(() => handler.HasSingleTarget ? WovenMethod.Find(handler.Method) : null);

    public Task InvokeAsync(HttpContext context)
    {
        if (WovenMethod.CanInvoke && _woven.Value is { } woven)
            return RunWovenAsync(woven, context);
        var restore = AllowSynchronous(context);
        try
        {
            handler(context);
        }
        finally
        {
            restore();
        }

        return Task.CompletedTask;
    }

    private async Task RunWovenAsync(WovenMethod woven, HttpContext context)
    {
        var restore = AllowSynchronous(context);
        try
        {
            await woven.InvokeAsync(handler.Target, [context]);
        }
        finally
        {
            restore();
        }
    }

    private static Action AllowSynchronous(HttpContext context)
    {
        var bodies = context.Features.Get<IHttpBodyControlFeature>();
        var wasAllowed = bodies?.AllowSynchronousIO;
        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        bodies?.AllowSynchronousIO = true;
        context.Features.Set<IHttpResponseBodyFeature>(new LeavableBody(body, context.RequestAborted));
        return () =>
        {
            context.Features.Set(body);
            bodies?.AllowSynchronousIO = wasAllowed!.Value;
        };
    }
}
