using GreenletBridge.FastMode;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.Infrastructure;

namespace GreenletBridge.Hosting;

/// <summary>Has the woven form of an action run in its place: the innermost filter.</summary>
/// <remarks>To filters further out an action that a filter has replaced looks cancelled; <see cref="WovenActionMark"/> takes that back.</remarks>
internal sealed class WovenActionFilter(IActionResultTypeMapper results) : IAsyncActionFilter
{
    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        if (!WovenMethod.CanInvoke || !IsInnermost(context.Filters) || context.ActionDescriptor is not ControllerActionDescriptor { MethodInfo: var method } || WovenForm.Of(method) is not { } woven)
        {
            await next();
            return;
        }

        context.HttpContext.Items[typeof(WovenActionMark)] = WovenActionMark.Replaced;
        var value = await woven.InvokeAsync(context.Controller, WovenForm.Arguments(method, context.ActionArguments));
        context.Result = method.ReturnType == typeof(void) ? new EmptyResult() : value as IActionResult ?? Convert(value, method.ReturnType);
    }

    // As MVC does it with what it has called.
    private IActionResult Convert(object? value, Type type) =>
        (typeof(IActionResult).IsAssignableFrom(type) ? null : results.Convert(value, type))
        ?? throw new InvalidOperationException($"Cannot return null from an action method with a return type of '{type}'.");

    // A filter of the same order may stand further in; it must not be passed over.
    private bool IsInnermost(IList<IFilterMetadata> filters) => ReferenceEquals(filters.LastOrDefault(static f => f is IAsyncActionFilter or IActionFilter), this);
}
