using Microsoft.AspNetCore.Http;

namespace GreenletBridge.Hosting;

/// <summary>An endpoint's handler, without what is around it, in a greenlet.</summary>
internal sealed class HandlerCall(CallPolicy policy, string name, EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    : RequestCall(policy, name, invocation.HttpContext)
{
    /// <summary>What the handler gave; nothing that writes a response if it was refused.</summary>
    public object? Result { get; private set; } = Results.Empty;

    protected override async Task RunBody(Greenlet greenlet) => Result = await next(invocation);
}
