using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GreenletBridge;
using GreenletBridge.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.DependencyInjection;

public static class Web
{
    // Which form of the code runs, as its stack shows
    public static string Mode() { Thread.Yield(); try { throw new InvalidOperationException(); } catch (InvalidOperationException e) { return e.StackTrace.Contains("$woven") ? "woven" : "plain"; } }

    public static void Build(WebApplicationBuilder builder) => builder.Services.AddControllers(static o => o.Filters.Add(new Outer())).AddApplicationPart(typeof(Web).Assembly);

    public static void Map(WebApplication app)
    {
        var captured = "captured";
        app.UseGreenletBridge();
        app.MapControllers();
        app.MapGet("/static", static (int n) => { Thread.Sleep(1); return Mode() + n; }).RunInGreenlet();
        app.MapGreenlet("/captured/{n}", ["GET"], (int n) => { Thread.Sleep(1); return captured + Mode() + n; });
        app.MapGreenlet("/any", () => { Thread.Sleep(1); return captured + Mode(); });
        app.MapBlocking("/blocking", context => { Thread.Sleep(1); context.Response.WriteAsync(captured + Mode()).Wait(); });
        app.MapBlocking("/throws", (Action<HttpContext>)(context => { Thread.Sleep(1); context.Response.StatusCode = 418; throw new BadHttpRequestException("thrown" + captured, 418); }));
    }

    public static Func<int, string> Two(IGreenletBridge bridge) { var k = 2; return n => { Thread.Sleep(1); return Mode() + n * k; }; }
}

public sealed class Outer : IActionFilter
{
    public void OnActionExecuting(ActionExecutingContext context) { }
    public void OnActionExecuted(ActionExecutedContext context) => context.HttpContext.Response.Headers["Executed"] = $"{context.Canceled} {context.Result?.GetType().Name} {context.Exception?.Message}";
}

[ApiController, RunInGreenlet, Route("things")]
public sealed class ThingsController : ControllerBase
{
    public sealed record Thing(string Mode, int N);
    [HttpGet("text/{n}")] public string Text(int n = 3) { Thread.Sleep(1); return Web.Mode() + n; }
    [HttpGet("object")] public ActionResult<Thing> Object(int n = 4) { Thread.Sleep(1); return new Thing(Web.Mode(), n); }
    [HttpGet("missing")] public IActionResult Missing() { Thread.Sleep(1); return NotFound(Web.Mode()); }
    [HttpGet("nothing")] public void Nothing() { Thread.Sleep(1); Response.Headers["Mode"] = Web.Mode(); }
    [HttpGet("throws")] public string Throws() { Thread.Sleep(1); throw new InvalidOperationException("thrown"); }
    [HttpGet("null")] public IActionResult Null() { Thread.Sleep(1); return null!; }
    [HttpGet("plain"), DisableGreenlet] public string Plain() { Thread.Sleep(1); return Web.Mode(); }
    [HttpGet("async")] public async Task<string> Async() { await Task.Yield(); return Web.Mode(); }
}
