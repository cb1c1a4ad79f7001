namespace GreenletBridge.Hosting;

/// <summary>Endpoint metadata: the endpoint's request delegate starts the greenlet itself.</summary>
internal sealed class GreenletWrapped
{
    public static GreenletWrapped Instance { get; } = new();
}
