using System.Collections.Concurrent;
using System.Reflection;
using GreenletBridge.FastMode;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace GreenletBridge.Hosting;

/// <summary>Has the woven form of an action, or of a page's handler, run in its place: the innermost filter.</summary>
/// <remarks>To filters further out an action that a filter has replaced looks cancelled; <see cref="WovenActionMark"/> takes that back.</remarks>
internal sealed class WovenActionFilter(IActionResultTypeMapper results) : IAsyncActionFilter, IAsyncPageFilter
{
    private static readonly ConcurrentDictionary<MethodInfo, WovenMethod?> _woven = new();

    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        if (!WovenMethod.CanInvoke || !IsInnermost<IAsyncActionFilter, IActionFilter>(context.Filters) || context.ActionDescriptor is not ControllerActionDescriptor { MethodInfo: var method } || Find(method) is not { } woven)
        {
            await next();
            return;
        }

        context.HttpContext.Items[typeof(WovenActionMark)] = WovenActionMark.Replaced;
        var value = await woven.InvokeAsync(context.Controller, Arguments(method, context.ActionArguments));
        context.Result = method.ReturnType == typeof(void) ? new EmptyResult() : value as IActionResult ?? Convert(value, method.ReturnType);
    }

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!WovenMethod.CanInvoke || !IsInnermost<IAsyncPageFilter, IPageFilter>(context.Filters) || context.HandlerMethod is not { MethodInfo: var method } || !IsPlain(method.ReturnType) || Find(method) is not { } woven)
        {
            await next();
            return;
        }

        context.HttpContext.Items[typeof(WovenActionMark)] = WovenActionMark.Replaced;
        var value = await woven.InvokeAsync(context.HandlerInstance, Arguments(method, context.HandlerArguments));
        context.Result = value as IActionResult ?? new PageResult();
    }

    // As MVC does it with what it has called.
    private IActionResult Convert(object? value, Type type) =>
        (typeof(IActionResult).IsAssignableFrom(type) ? null : results.Convert(value, type))
        ?? throw new InvalidOperationException($"Cannot return null from an action method with a return type of '{type}'.");

    // A filter of the same order may stand further in; it must not be passed over.
    private bool IsInnermost<TAsync, TSync>(IList<IFilterMetadata> filters) => ReferenceEquals(filters.LastOrDefault(static f => f is TAsync or TSync), this);

    private static WovenMethod? Find(MethodInfo method) => _woven.GetOrAdd(method, static m => WovenMethod.Find(m));

    private static bool IsPlain(Type type) => type == typeof(void) || typeof(IActionResult).IsAssignableFrom(type);

    // What was not bound has its default, as when MVC itself calls.
    private static object?[] Arguments(MethodInfo method, IDictionary<string, object?> bound) => Array.ConvertAll(
        method.GetParameters(),
        parameter => parameter.Name is { } name && bound.TryGetValue(name, out var value) ? value
            : parameter.HasDefaultValue ? parameter.DefaultValue
            : parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null);
}
