namespace GreenletBridge.Hosting;

/// <summary>A blockage in words, the same in metrics, logs, events and on the page.</summary>
internal static class BlockageText
{
    /// <summary>Its stack; a blocker that neither waited nor went on after it could take none.</summary>
    public static string Place(Blockage blockage) => blockage.Place ?? "   (it returned before its stack could be taken)";

    public static string Kind(Blockage blockage) => blockage.Kind == BlockageKind.Computing ? "computing" : "unseen";
}
