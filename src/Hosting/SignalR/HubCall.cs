using Microsoft.AspNetCore.SignalR;

namespace GreenletBridge.Hosting;

/// <summary>A method of a SignalR hub in a greenlet.</summary>
internal sealed class HubCall(CallPolicy policy, string name, HubCallerContext caller, Func<Task> next, CancellationToken token) : HostedCall(policy, name, token)
{
    // The end of a connection has no token: the application's cleanup is not put off
    protected override bool MayBeRefused { get; } = token.CanBeCanceled;

    protected override Task RunBody(Greenlet greenlet) => next();

    protected override bool Handles(Exception exception) => IsRefused && exception is OperationCanceledException;

    protected override Task AnswerAsync(HubTarget target) => throw new HubException("What runs this method is blocked; try again later.");

    protected override void Abort() => caller.Abort();
}
