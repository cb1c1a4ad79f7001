using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace GreenletBridge.Hosting;

/// <summary>All settings by their full keys.</summary>
internal static class SettingList
{
    public static Dictionary<string, SettingValue> Of(GreenletBridgeOptions options)
    {
        var list = new Dictionary<string, SettingValue>(StringComparer.OrdinalIgnoreCase);
        Add(GreenletBridgeOptions.SectionName, options, list);
        return list;
    }

    private static void Add(string path, object settings, Dictionary<string, SettingValue> list)
    {
        foreach (var property in settings.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var key = ConfigurationPath.Combine(path, property.Name);
            var value = property.GetValue(settings);
            if (value is IDictionary<string, HubSettings> hubs)
            {
                foreach (var (name, hub) in hubs)
                {
                    Add(ConfigurationPath.Combine(key, name), hub, list);
                }
            }
            else if (property.PropertyType.IsClass)
            {
                Add(key, value!, list);
            }
            else
            {
                list.Add(key, new SettingValue(value, property.IsDefined(typeof(LiveSettingAttribute))));
            }
        }
    }
}
