namespace GreenletBridge.Hosting;

/// <summary>Endpoint metadata: the endpoint runs in a greenlet.</summary>
/// <remarks>Of several on one endpoint the most specific counts. <see cref="DisableGreenletAttribute"/> beats them all.</remarks>
public interface IGreenletMetadata
{
    /// <summary>Name of the hub that runs the endpoint.</summary>
    /// <value><see langword="null"/> for the group of request hubs.</value>
    string? Hub { get; }
}
