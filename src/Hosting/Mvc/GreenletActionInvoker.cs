using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Abstractions;

namespace GreenletBridge.Hosting;

/// <summary>Runs an action in a greenlet.</summary>
internal sealed class GreenletActionInvoker(IActionInvoker inner, HttpContext context, RequestRunner runner, HubTarget target, string name, IGreenletLaneMetadata? lane)
    : IActionInvoker
{
    public Task InvokeAsync() =>
        runner.RunAsync(new PipelineCall(runner.Policy, name, context, _ => inner.InvokeAsync()), context, target, runner.Profile(name), lane);
}
