using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace GreenletBridge.Hosting;

/// <summary>How errors name a setting: full key, value, what is allowed.</summary>
internal static class SettingText
{
    public static string Wrong(string key, object? value, string allowed) => $"{key} is {Quote(value)}; allowed: {allowed}.";

    public static string Of(object value) => value switch
    {
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture).TrimFractionZeros(),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    public static string Names(Type enumType) => string.Join(", ", Enum.GetNames(enumType));

    /// <summary>Key of the member that the generated validator looks at.</summary>
    /// <remarks>The generator names a member by its path: <c>GreenletBridgeOptions.Requests.Hubs</c>, or by the name given to it, a dot, and the member.</remarks>
    public static string KeyOf(ValidationContext context)
    {
        var path = context.DisplayName;
        const string Root = nameof(GreenletBridgeOptions) + ".";
        return path.StartsWith(Root, StringComparison.Ordinal)
            ? $"{GreenletBridgeOptions.SectionName}:{path[Root.Length..].Replace('.', ':')}"
            : $"{path[..^(context.MemberName!.Length + 1)]}:{context.MemberName}";
    }

    private static string Quote(object? value) => value switch
    {
        null => "missing",
        string text => $"\"{text}\"",
        _ => Of(value),
    };

    // "00:00:00.1000000" reads as a figure of seven digits; people write 00:00:00.1
    private static string TrimFractionZeros(this string text) => text.LastIndexOf('.') > text.LastIndexOf(':') ? text.TrimEnd('0') : text;
}
