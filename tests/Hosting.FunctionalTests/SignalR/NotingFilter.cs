using Microsoft.AspNetCore.SignalR;

namespace GreenletBridge.Hosting.FunctionalTests.SignalR;

/// <summary>An application's own filter that blocks.</summary>
public sealed class NotingFilter(HubNotes notes) : IHubFilter
{
    public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        notes.Filter = notes.Block();
        return next(invocationContext);
    }
}
