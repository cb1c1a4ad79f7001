using Microsoft.AspNetCore.Http;

namespace GreenletBridge.Hosting;

/// <summary>What comes after a point of the pipeline, in a greenlet; of an endpoint, all of it.</summary>
internal sealed class PipelineCall(CallPolicy policy, string name, HttpContext context, RequestDelegate next) : RequestCall(policy, name, context)
{
    protected override Task RunBody(Greenlet greenlet) => next(Context);
}
