using Microsoft.AspNetCore.Mvc.Filters;

namespace GreenletBridge.Hosting;

/// <summary>Stands just outside of <see cref="WovenPageFilter"/>: what that ran in the handler's place was the handler.</summary>
internal sealed class WovenPageMark : IAsyncPageFilter
{
    public static object Replaced { get; } = new();

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var executed = await next();
        if (executed.Canceled && context.HttpContext.Items.Remove(typeof(WovenPageMark)))
            executed.Canceled = false;
    }
}
