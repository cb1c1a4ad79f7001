namespace GreenletBridge.Hosting;

/// <summary>One setting.</summary>
/// <param name="Value">Its value; null: none set.</param>
/// <param name="IsLive">Whether it takes effect while the application runs.</param>
internal sealed record SettingValue(object? Value, bool IsLive)
{
    public override string ToString() => Value is null ? "not set" : SettingText.Of(Value);
}
