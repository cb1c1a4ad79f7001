namespace GreenletBridge.Hosting;

/// <summary>Runs a handler, or each action of a controller, in a greenlet.</summary>
/// <remarks>
/// Needs <c>app.UseGreenletBridge()</c>; without it the host does not start. A blocking handler gains most. An async one gains a
/// SynchronizationContext, and its continuations no longer run in parallel.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RunInGreenletAttribute : Attribute, IGreenletMetadata
{
    /// <summary>Name of the hub that runs the endpoint; one that does not exist fails the start.</summary>
    /// <value>The default is <see langword="null"/>: the group of request hubs.</value>
    public string? Hub { get; set; }
}
