using Microsoft.AspNetCore.Mvc.Filters;

namespace GreenletBridge.Hosting.FunctionalTests.Mvc;

/// <summary>A synchronous filter of every kind, each of which blocks.</summary>
public sealed class BlockingFilter(Trace trace) : IAuthorizationFilter, IResourceFilter, IActionFilter, IResultFilter, IExceptionFilter
{
    public void OnAuthorization(AuthorizationFilterContext context) => trace.Block("authorization");

    public void OnResourceExecuting(ResourceExecutingContext context) => trace.Block("resource");

    public void OnResourceExecuted(ResourceExecutedContext context) => trace.Block("resource after");

    public void OnActionExecuting(ActionExecutingContext context) => trace.Block("action before");

    public void OnActionExecuted(ActionExecutedContext context) => trace.Block("action after");

    public void OnResultExecuting(ResultExecutingContext context) => trace.Block("result before");

    public void OnResultExecuted(ResultExecutedContext context) => trace.Block("result after");

    public void OnException(ExceptionContext context) => trace.Block("exception");
}
