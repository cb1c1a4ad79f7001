using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.FunctionalTests.Mvc;

/// <summary>A result that blocks as it is written.</summary>
public sealed class BlockingResult(string text) : IActionResult
{
    public Task ExecuteResultAsync(ActionContext context)
    {
        context.HttpContext.RequestServices.GetRequiredService<Trace>().Block("result");
        return context.HttpContext.Response.WriteAsync(text);
    }
}
