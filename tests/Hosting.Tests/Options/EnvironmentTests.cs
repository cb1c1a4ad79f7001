using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace GreenletBridge.Hosting.Tests.Options;

public class EnvironmentTests
{
    public static TheoryData<string> Keys => [.. SettingList.Of(new GreenletBridgeOptions().AddHub("legacy")).Keys];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Bind_EachSettingFromTheEnvironment_IsRead(string key)
    {
        var defaults = SettingList.Of(new GreenletBridgeOptions().AddHub("legacy"));
        var (text, value) = Another(PropertyType(key), defaults[key].Value);
        var variable = $"{nameof(EnvironmentTests)}_{key.Replace(":", "__", StringComparison.Ordinal)}";
        Environment.SetEnvironmentVariable(variable, text);
        try
        {
            // The framework's own source of a host, with a prefix, so that no other test sees the variable
            var configuration = new ConfigurationBuilder().AddEnvironmentVariables($"{nameof(EnvironmentTests)}_").Build();
            var options = new GreenletBridgeOptions();

            new ConfigurationBinding([], configuration).Configure(options);

            Assert.Equal(value, SettingList.Of(options)[key].Value);
            Assert.NotEqual(defaults[key].Value, value);
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }

    private static (string Text, object Value) Another(Type type, object? value)
    {
        if (type == typeof(bool))
            return ($"{!(bool)value!}", !(bool)value!);
        if (type == typeof(TimeSpan))
            return ("00:00:00.123", TimeSpan.FromMilliseconds(123));
        if (type == typeof(int))
            return ("123", 123);
        var other = Enum.GetValues(type).Cast<object>().First(one => !one.Equals(value));
        return (Convert.ToString(other, CultureInfo.InvariantCulture)!, other);
    }

    private static Type PropertyType(string key)
    {
        var type = typeof(GreenletBridgeOptions);
        foreach (var name in key.Split(':').Skip(1))
        {
            type = type == typeof(IDictionary<string, HubSettings>) ? typeof(HubSettings) : type.GetProperty(name)!.PropertyType;
        }

        return Nullable.GetUnderlyingType(type) ?? type;
    }
}
