using Microsoft.AspNetCore.Mvc.Filters;

namespace WebApi.Features;

/// <summary>A synchronous filter that waits for a slow audit log.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AuditFilterAttribute : ActionFilterAttribute
{
    public override void OnActionExecuted(ActionExecutedContext context)
    {
        Task.Delay(1).Wait();
        context.HttpContext.Response.Headers["X-Audited"] = "yes";
    }
}
