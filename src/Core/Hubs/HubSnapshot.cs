using System.Globalization;
using System.Text;

namespace GreenletBridge;

/// <summary>A hub as it was at one moment. Taken without the hub's help, so also of one that is stuck; the figures are estimates of each other.</summary>
public sealed class HubSnapshot
{
    internal HubSnapshot()
    {
    }

    /// <summary>The hub's name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it takes work.</summary>
    public required bool IsRunning { get; init; }

    /// <summary>What drives it.</summary>
    public required HubLoop Loop { get; init; }

    /// <summary>Whether it promises one segment at a time.</summary>
    public required bool Exclusive { get; init; }

    /// <summary>Its policy about unseen blocking.</summary>
    public required BlockingPolicy BlockingPolicy { get; init; }

    /// <summary>Entries that wait for their turn, without what its group has not begun.</summary>
    public required int Queued { get; init; }

    /// <summary>Greenlets that have begun and not ended.</summary>
    public required int Active { get; init; }

    /// <summary>Of those, how many wait.</summary>
    public required int Waiting { get; init; }

    /// <summary>How long the current segment has held the baton; zero when nothing runs. Some milliseconds coarse.</summary>
    public required TimeSpan BusyFor { get; init; }

    /// <summary>The share of its life in which it had something to run, 0 to 1.</summary>
    public required double Load { get; init; }

    /// <summary>Threads in its pool, which other hubs may share.</summary>
    public required int Carriers { get; init; }

    /// <summary>Its greenlets that have waited and not ended, oldest first.</summary>
    public required IReadOnlyList<GreenletSnapshot> Greenlets { get; init; }

    /// <summary>The text form: one line for the hub, one for each greenlet.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"hub \"{Name}\" {(IsRunning ? "running" : "not running")}, loop {Loop}, queued {Queued}, active {Active}, waiting {Waiting}, ");
        text.Append(CultureInfo.InvariantCulture, $"busy for {BusyFor.TotalMilliseconds:F0} ms, load {Load:P1}, carriers {Carriers}");
        foreach (var greenlet in Greenlets)
        {
            text.AppendLine();
            text.Append(CultureInfo.InvariantCulture, $"  #{greenlet.Id} {greenlet.Name ?? "-"} {greenlet.Status} for {greenlet.Age.TotalMilliseconds:F0} ms");
            if (greenlet.WaitingFor is { } what)
                text.Append(CultureInfo.InvariantCulture, $", waits for {what}");
            if (greenlet.Tag is { } tag)
                text.Append(CultureInfo.InvariantCulture, $" [{tag}]");
        }

        return text.ToString();
    }
}
