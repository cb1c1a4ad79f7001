using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace GreenletBridge.Hosting;

/// <summary>A request, or a part of its pipeline, in a greenlet.</summary>
internal abstract class RequestCall(CallPolicy policy, string name, HttpContext context) : HostedCall(policy, name, context.RequestAborted)
{
    private readonly long _arrived = Stopwatch.GetTimestamp();

    protected HttpContext Context => context;

    protected override void Abort() => context.Abort();

    protected override void NoteBegun(HubTarget target) => Policy.Metrics.Begun(target, _arrived);

    /// <summary>What the end of the drain has killed, and what did not begin in time, is told so unless its client has gone.</summary>
    protected override bool Handles(Exception exception) =>
        exception is OperationCanceledException or HubStoppedException
        && (IsRefused || Policy.IsStopping)
        && !context.RequestAborted.IsCancellationRequested;

    protected override Task AnswerAsync(HubTarget target) => (HasBegun ? Unavailable.Killed : Policy.Entrance.Refuse(target)).WriteAsync(context);
}
