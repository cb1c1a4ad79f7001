using Microsoft.Extensions.Configuration;

namespace GreenletBridge.Hosting.Tests.Options;

/// <summary>Configuration whose keys come and go, as those of a file do.</summary>
internal sealed class ChangingSource : ConfigurationProvider, IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public void Replace(params (string Key, string Value)[] settings)
    {
        Data = settings.ToDictionary(setting => setting.Key, string? (setting) => setting.Value, StringComparer.OrdinalIgnoreCase);
        OnReload();
    }
}
