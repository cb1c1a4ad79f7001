namespace GreenletBridge.Hosting;

/// <summary>A greenlet that holds its hub now.</summary>
internal sealed record BlockingRow(long Id, string Work, string Hub, string Kind, double Duration, bool HandedOff)
{
    public static BlockingRow Of(Blockage blockage) => new(
        blockage.Greenlet.Id, blockage.Key, blockage.Hub.Name, BlockageText.Kind(blockage), blockage.Duration.TotalMilliseconds, blockage.IsHandedOff);
}
