namespace GreenletBridge.Hosting;

/// <summary>Settings of one greenlet status page.</summary>
public sealed class GreenletDashboardOptions
{
    /// <summary>Whether the page has a button that kills a greenlet. Needs <c>services.AddAntiforgery()</c>.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool AllowKill { get; set; }
}
