namespace GreenletBridge.Hosting;

/// <summary>A blockage in words, the same in metrics, logs, events and on the page.</summary>
internal static class BlockageText
{
    public static string Kind(Blockage blockage) => blockage.Kind == BlockageKind.Computing ? "computing" : "unseen";
}
