using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace GreenletBridge.Hosting;

/// <summary>Finds keys and values in a section that the settings do not know.</summary>
/// <remarks>
/// The configuration binder stops at the first value it cannot convert, does not say what is allowed, and names an unknown key
/// without its path; this names all of them.
/// </remarks>
internal static class SectionCheck
{
    private const string TimeSpanForm = "a time span hh:mm:ss, as in 00:00:30 or 00:00:00.250";

    public static void Check(IConfigurationSection section, Type type, List<string> failures)
    {
        var known = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        if (section.Value is { Length: > 0 } value)
        {
            failures.Add(SettingText.Wrong(section.Path, value, $"an object with {Names(known)}"));
            return;
        }

        foreach (var child in section.GetChildren())
        {
            var property = Array.Find(known, candidate => candidate.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                failures.Add($"{child.Path} is not a setting; known here: {Names(known)}.");
            }
            else if (property.PropertyType == typeof(IDictionary<string, HubSettings>))
            {
                CheckHubs(child, failures);
            }
            else if (property.PropertyType.IsClass)
            {
                Check(child, property.PropertyType, failures);
            }
            else
            {
                CheckValue(child, property, failures);
            }
        }
    }

    private static void CheckHubs(IConfigurationSection hubs, List<string> failures)
    {
        if (hubs.Value is { Length: > 0 } value)
        {
            failures.Add(SettingText.Wrong(hubs.Path, value, "an object of hubs by name"));
        }

        foreach (var hub in hubs.GetChildren())
        {
            Check(hub, typeof(HubSettings), failures);
        }
    }

    private static void CheckValue(IConfigurationSection setting, PropertyInfo property, List<string> failures)
    {
        var nullable = Nullable.GetUnderlyingType(property.PropertyType);
        var type = nullable ?? property.PropertyType;
        var isEmpty = string.IsNullOrEmpty(setting.Value);
        if (setting.GetChildren().Any())
        {
            failures.Add($"{setting.Path} is an object; allowed: {Allowed(type, property)}.");
        }
        else if (isEmpty ? nullable is null : !Parses(setting.Value!, type))
        {
            failures.Add(SettingText.Wrong(setting.Path, setting.Value, Allowed(type, property)));
        }
    }

    private static bool Parses(string value, Type type)
    {
        if (type.IsEnum)
            return Enum.GetNames(type).Contains(value, StringComparer.OrdinalIgnoreCase);
        if (type == typeof(bool))
            return bool.TryParse(value, out _);
        if (type == typeof(int))
            return int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _);

        // A bare number is days to TimeSpan.Parse; nobody who writes 30 here means a month
        return value.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _);
    }

    private static string Allowed(Type type, PropertyInfo property)
    {
        var range = property.GetCustomAttribute<SettingRangeAttribute>() is { } attribute ? $", {attribute}" : "";
        return type.IsEnum ? SettingText.Names(type)
            : type == typeof(bool) ? "true, false"
            : type == typeof(int) ? $"a whole number{range}"
            : $"{TimeSpanForm}{range}";
    }

    private static string Names(PropertyInfo[] properties) => string.Join(", ", properties.Select(property => property.Name));
}
