using System.Reflection;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace GreenletBridge.Hosting.Tests.Schema;

/// <summary>Makes the table of docs/settings.md from the options.</summary>
internal static class SettingsTable
{
    private const string Begin = "<!-- settings -->\n";
    private const string End = "<!-- end of settings -->\n";

    /// <summary>The page with the table as it should be.</summary>
    public static string Renew(string page)
    {
        var begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = page.IndexOf(End, StringComparison.Ordinal);
        return page[..begin] + Make() + page[(end < 0 ? begin : end)..];
    }

    private static string Make()
    {
        var docs = new XmlSummaries(typeof(GreenletBridgeOptions).Assembly);
        var text = new StringBuilder("| key | live | meaning |\n|---|---|---|\n");
        Add("", new GreenletBridgeOptions(), docs, text);
        return text.ToString();
    }

    private static void Add(string path, object settings, XmlSummaries docs, StringBuilder text)
    {
        foreach (var property in settings.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var key = path.Length == 0 ? property.Name : ConfigurationPath.Combine(path, property.Name);
            var value = property.GetValue(settings);
            if (value is IDictionary<string, HubSettings>)
            {
                Add($"{key}:<name>", new HubSettings(), docs, text);
            }
            else if (property.PropertyType.IsClass)
            {
                Add(key, value!, docs, text);
            }
            else
            {
                text.Append($"| `{key}` | {(property.IsDefined(typeof(LiveSettingAttribute)) ? "live" : "")} | {docs.Of(property)} |\n");
            }
        }
    }
}
