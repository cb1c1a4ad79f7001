using System.Globalization;

namespace GreenletBridge.Hosting;

/// <summary>In words, who still runs after its kill, and what it waits in.</summary>
internal static class LeftBehindText
{
    /// <summary>What a greenlet waits for of which no wait is known.</summary>
    public const string Unseen = "nothing that can be seen: it computes, or blocks in native code";

    private const int Most = 20;

    /// <summary>The greenlets that a hub has left behind.</summary>
    public static string Of(HubSnapshot hub, int count)
    {
        var named = hub.Greenlets.Take(Most).Select(static greenlet => string.Create(
            CultureInfo.InvariantCulture, $"#{greenlet.Id} {LogText.Of(greenlet.Name ?? greenlet.Code) ?? "without name"} waits for {LogText.Of(greenlet.WaitingFor) ?? Unseen}")).ToList();
        if (count > named.Count)
        {
            named.Add(string.Create(CultureInfo.InvariantCulture, $"and {count - named.Count} more"));
        }

        return string.Join("; ", named);
    }
}
