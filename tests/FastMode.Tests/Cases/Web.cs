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
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Razor.Hosting;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.Extensions.DependencyInjection;

[assembly: RazorCompiledItem(typeof(ShelfPage), "mvc.1.0.razor-page", "/Pages/Shelf.cshtml")]

public static class Web
{
    // Which form of the code runs, as its stack shows
    public static string Mode() { Thread.Yield(); try { throw new InvalidOperationException(); } catch (InvalidOperationException e) { return e.StackTrace.Contains("$woven") ? "woven" : "plain"; } }

    public static readonly ManualResetEventSlim Gate = new();

    public static void Build(WebApplicationBuilder builder)
    {
        builder.Services.AddControllers(static o => o.Filters.Add(new Outer())).AddApplicationPart(typeof(Web).Assembly);
        builder.Services.AddRazorPages().AddMvcOptions(static o => o.Filters.Add(new OuterOfPages()))
            .ConfigureApplicationPartManager(static parts => parts.ApplicationParts.Add(new CompiledRazorAssemblyPart(typeof(Web).Assembly)));
    }

    public static void Map(WebApplication app)
    {
        var captured = "captured";
        app.UseGreenletBridge();
        app.MapControllers();
        app.MapRazorPages();
        app.MapGreenletDashboard("/greenlets");
        app.MapGet("/gate", static () => { Gate.Wait(); return Mode(); }).RunInGreenlet();
        app.MapGet("/task", static () => { Thread.Sleep(1); return Task.FromResult(Mode()); }).RunInGreenlet();
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
    [HttpGet("task")] public Task<string> Later() { Thread.Sleep(1); return Task.FromResult(Web.Mode()); }
    [HttpGet("async")] public async Task<string> Async() { await Task.Yield(); return Web.Mode(); }
}

public sealed class OuterOfPages : IPageFilter
{
    public void OnPageHandlerSelected(PageHandlerSelectedContext context) { }
    public void OnPageHandlerExecuting(PageHandlerExecutingContext context) { }
    public void OnPageHandlerExecuted(PageHandlerExecutedContext context) => context.HttpContext.Response.Headers["Executed"] = $"{context.Canceled} {context.Result?.GetType().Name} {context.Exception?.Message}";
}

[RunInGreenlet]
public sealed class ShelfModel : PageModel
{
    public string Text { get; set; } = "";
    public void OnGet(int n = 3) { Thread.Sleep(1); Text = Web.Mode() + n; }
    public IActionResult OnGetContent(int n) { Thread.Sleep(1); return Content(Web.Mode() + n); }
    public IActionResult OnGetMissing() { Thread.Sleep(1); return NotFound(); }
    public IActionResult OnGetNull() { Thread.Sleep(1); Text = "null" + Web.Mode(); return null!; }
    public PageResult OnGetSame() { Thread.Sleep(1); Text = "same" + Web.Mode(); return Page(); }
    public void OnGetThrows() { Thread.Sleep(1); throw new InvalidOperationException("thrown"); }
    public async Task OnGetLaterAsync() { await Task.Yield(); Text = Web.Mode(); }
}

// As Razor compiles "@page "/shelf" @model ShelfModel <p>@Model.Text</p>"
[RazorCompiledItemMetadata("RouteTemplate", "/shelf")]
public sealed class ShelfPage : Page
{
    public ViewDataDictionary<ShelfModel> ViewData => (ViewDataDictionary<ShelfModel>)PageContext.ViewData;
    public ShelfModel Model => ViewData.Model;
    public override Task ExecuteAsync() { WriteLiteral("<p>"); Write(Model.Text); WriteLiteral("</p>"); return Task.CompletedTask; }
}
