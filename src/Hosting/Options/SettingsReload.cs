using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace GreenletBridge.Hosting;

/// <summary>Puts reloaded settings in force where that is safe, and says in the log what needs a restart.</summary>
/// <remarks>Settings that are wrong change nothing at all: an application that runs keeps what it started with.</remarks>
internal sealed partial class SettingsReload(
    IOptionsFactory<GreenletBridgeOptions> factory,
    IOptions<GreenletBridgeOptions> started,
    CurrentSettings current,
    HubSet hubs,
    ILogger<SettingsReload> logger,
    IEnumerable<BoundSection> sections,
    IConfiguration? configuration = null) : IHostedService, IDisposable
{
    private readonly Lock _lock = new();
    private readonly QuietLogger _log = new(logger);
    private readonly List<IDisposable> _watches = [];
    private readonly Dictionary<string, string> _refused = new(StringComparer.OrdinalIgnoreCase);
    private Dictionary<string, SettingValue> _inForce = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _inForce = SettingList.Of(started.Value);
        var watched = sections.Select(bound => (IConfiguration)bound.Section);
        foreach (var one in configuration is null ? watched : watched.Prepend(configuration))
        {
            _watches.Add(ChangeToken.OnChange(one.GetReloadToken, Reload));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _watches.ForEach(watch => watch.Dispose());
            _watches.Clear();
        }
    }

    // On the thread of whoever reloads, as a file's watcher: an exception there would end the process
    private void Reload()
    {
        lock (_lock)
        {
            try
            {
                Apply(factory.Create(Options.DefaultName));
            }
            catch (OptionsValidationException exception)
            {
                Log.Wrong(_log, string.Join(' ', exception.Failures));
            }
            catch (Exception exception)
            {
                Log.Failed(_log, exception);
            }
        }
    }

    private void Apply(GreenletBridgeOptions options)
    {
        var settings = SettingList.Of(options);
        NoteHubs(options);
        var changes = settings.Where(setting => _inForce.TryGetValue(setting.Key, out var before) && !Equals(before.Value, setting.Value.Value)).ToList();
        foreach (var (key, setting) in changes)
        {
            if (!setting.IsLive)
            {
                Refuse(key, setting.ToString(), () => Log.NeedsRestart(_log, key, setting.ToString(), _inForce[key].ToString()));
            }
        }

        foreach (var key in _refused.Keys.Where(key => settings.TryGetValue(key, out var setting) && Equals(setting.Value, _inForce[key].Value)).ToList())
        {
            _refused.Remove(key);
        }

        if (!changes.Exists(change => change.Value.IsLive))
            return;

        current.Value = options;
        hubs.Change(options);
        foreach (var (key, setting) in changes.Where(change => change.Value.IsLive))
        {
            Log.Changed(_log, key, setting.ToString(), _inForce[key].ToString());
            _inForce[key] = setting;
        }
    }

    private void NoteHubs(GreenletBridgeOptions options)
    {
        foreach (var name in options.Hubs.Keys.Except(started.Value.Hubs.Keys, StringComparer.OrdinalIgnoreCase))
        {
            Refuse($"{GreenletBridgeOptions.SectionName}:Hubs:{name}", "added", () => Log.HubAdded(_log, name));
        }

        foreach (var name in started.Value.Hubs.Keys.Except(options.Hubs.Keys, StringComparer.OrdinalIgnoreCase))
        {
            Refuse($"{GreenletBridgeOptions.SectionName}:Hubs:{name}", "removed", () => Log.HubRemoved(_log, name));
        }
    }

    // Once for each value: a file's watcher reloads several times for one change
    private void Refuse(string key, string value, Action log)
    {
        if (_refused.TryGetValue(key, out var before) && before == value)
            return;

        _refused[key] = value;
        log();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Key} is {Value} now; it was {Before}.", EventName = "SettingChanged")]
        public static partial void Changed(ILogger logger, string key, string value, string before);

        [LoggerMessage(2, LogLevel.Warning, "{Key} was changed to {Value}, which takes a restart; until then it is {Before}.", EventName = "SettingNeedsRestart")]
        public static partial void NeedsRestart(ILogger logger, string key, string value, string before);

        [LoggerMessage(3, LogLevel.Warning, "Hub {Hub} was added to the settings, which takes a restart; until then there is none.", EventName = "HubNeedsRestart")]
        public static partial void HubAdded(ILogger logger, string hub);

        [LoggerMessage(4, LogLevel.Warning, "Hub {Hub} was removed from the settings, which takes a restart; until then it runs.", EventName = "HubStays")]
        public static partial void HubRemoved(ILogger logger, string hub);

        [LoggerMessage(5, LogLevel.Error, "The changed settings are wrong; those in force stay. {Errors}", EventName = "SettingsWrong")]
        public static partial void Wrong(ILogger logger, string errors);

        [LoggerMessage(6, LogLevel.Error, "The changed settings could not be read; those in force stay.", EventName = "SettingsUnreadable")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
