namespace GreenletBridge.Hosting;

/// <summary>A setting that takes effect while the application runs, when the configuration is reloaded.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class LiveSettingAttribute : Attribute;
