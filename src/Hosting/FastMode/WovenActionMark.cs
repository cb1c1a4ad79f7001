using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;

namespace GreenletBridge.Hosting;

/// <summary>Stands just outside of <see cref="WovenActionFilter"/>: what that ran in the action's place was the action.</summary>
internal sealed class WovenActionMark : IAsyncActionFilter
{
    public static object Replaced { get; } = new();

    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        var executed = await next();
        if (executed.Canceled && IsMarked(context.HttpContext))
            executed.Canceled = false;
    }

    private static bool IsMarked(HttpContext context) => context.Items.Remove(typeof(WovenActionMark));
}
