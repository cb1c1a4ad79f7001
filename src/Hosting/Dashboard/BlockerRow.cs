namespace GreenletBridge.Hosting;

/// <summary>A place that blocks, summed. Times are milliseconds.</summary>
internal sealed record BlockerRow(
    string Work, string Hub, string Kind, string? Place, long Count, double Total, double Longest, long HandedOff, long Last)
{
    public static BlockerRow Of(BlockerSum sum) => new(
        sum.Work, sum.Hub, sum.Kind, sum.Place, sum.Count, sum.Total.TotalMilliseconds, sum.Longest.TotalMilliseconds, sum.HandedOff, sum.Last.ToUnixTimeMilliseconds());
}
