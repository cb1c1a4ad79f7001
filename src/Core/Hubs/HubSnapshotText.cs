using System.Globalization;
using System.Text;

namespace GreenletBridge;

/// <summary>Writes a snapshot for people.</summary>
internal static class HubSnapshotText
{
    internal static string Of(HubSnapshot hub)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"hub \"{LineText.Of(hub.Name)}\" {(hub.IsRunning ? "running" : "not running")}, loop {hub.Loop}{(hub.Exclusive ? ", exclusive" : "")}, ");
        text.Append(CultureInfo.InvariantCulture, $"queued {hub.Queued}, active {hub.Active}, waiting {hub.Waiting}, busy for {hub.BusyFor.TotalMilliseconds:F0} ms, ");
        text.Append(CultureInfo.InvariantCulture, $"load {hub.Load:P1}, carriers {hub.Carriers} ({hub.BusyCarriers} busy)");
        if (hub.Current is { } current)
            text.Append(CultureInfo.InvariantCulture, $", runs #{current}");

        foreach (var known in hub.KnownBlockers)
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  blocks unseen: {known.Key}, known for {Time(known.KnownFor)}, found {known.Detections} times");

        var listed = hub.Greenlets.Select(static g => g.Id).ToHashSet();
        var children = hub.Greenlets.ToLookup(g => g.ParentId is { } parent && listed.Contains(parent) && parent != g.Id ? parent : 0);
        // Depth first, without recursion: chains of spawns can be long.
        var open = new Stack<(GreenletSnapshot Greenlet, int Depth)>(children[0].Reverse().Select(static g => (g, 1)));
        while (open.TryPop(out var next))
        {
            Append(text, next.Greenlet, next.Depth);
            foreach (var child in children[next.Greenlet.Id].Reverse())
                open.Push((child, next.Depth + 1));
        }

        if (hub.Active > hub.Greenlets.Count)
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  and {hub.Active - hub.Greenlets.Count} not listed: they have not waited so far");
        return text.ToString();
    }

    private static void Append(StringBuilder text, GreenletSnapshot greenlet, int depth)
    {
        var indent = new string(' ', 2 * Math.Min(depth, 40));
        text.AppendLine();
        text.Append(CultureInfo.InvariantCulture, $"{indent}#{greenlet.Id} {LineText.Of(greenlet.Name ?? greenlet.Code ?? "-")} {greenlet.Status}, begun {Time(greenlet.Age)} ago");
        if (greenlet.WaitingFor is { } what)
            text.Append(CultureInfo.InvariantCulture, $", waits for {LineText.Of(what)} since {Time(greenlet.WaitedFor ?? TimeSpan.Zero)}");
        if (greenlet.IsKillPending)
            text.Append(", kill pending");
        if (greenlet.ParentId is { } parent)
            text.Append(CultureInfo.InvariantCulture, $", spawned by #{parent}");
        if (greenlet.Tag is { } tag && (tag is not string label || label != greenlet.Name))
            text.Append(" [").Append(LineText.OfObject(tag)).Append(']');
        AppendStack(text, indent, "waits at", greenlet.Stack);
        AppendStack(text, indent, "spawned at", greenlet.SpawnSite);
    }

    private static void AppendStack(StringBuilder text, string indent, string title, string? stack)
    {
        if (stack is null)
            return;
        text.AppendLine().Append(indent).Append("    ").Append(title).Append(':');
        foreach (var line in stack.Split('\n'))
            text.AppendLine().Append(indent).Append("      ").Append(line.Trim());
    }

    private static string Time(TimeSpan time) => time < TimeSpan.FromSeconds(10)
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:F0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F0} s");
}
