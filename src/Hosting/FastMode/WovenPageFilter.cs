using GreenletBridge.FastMode;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace GreenletBridge.Hosting;

/// <summary>Has the woven form of a page's handler run in its place: the innermost filter.</summary>
/// <remarks>To filters further out a handler that a filter has replaced looks cancelled; <see cref="WovenPageMark"/> takes that back.</remarks>
internal sealed class WovenPageFilter : IAsyncPageFilter
{
    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!WovenMethod.CanInvoke || !IsInnermost(context.Filters) || context.HandlerMethod is not { MethodInfo: var method } || WovenForm.Of(method) is not { } woven)
        {
            await next();
            return;
        }

        context.HttpContext.Items[typeof(WovenPageMark)] = WovenPageMark.Replaced;
        var value = await woven.InvokeAsync(context.HandlerInstance, WovenForm.Arguments(method, context.HandlerArguments));
        // Of a handler that gives nothing the page itself is the result
        context.Result = value as IActionResult ?? new PageResult();
    }

    // A filter of the same order may stand further in; it must not be passed over.
    private bool IsInnermost(IList<IFilterMetadata> filters) => ReferenceEquals(filters.LastOrDefault(static f => f is IAsyncPageFilter or IPageFilter), this);
}
