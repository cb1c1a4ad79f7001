using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.TestSupport;

/// <summary>Keeps every log entry, of every category, in the order of arrival.</summary>
/// <remarks>Safe for use by any thread. Register it with <c>logging.AddProvider(provider)</c>.</remarks>
public sealed class RecordingLoggerProvider : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<LogEntry> _entries = new();

    /// <summary>Entries below this level are dropped.</summary>
    /// <value><see cref="LogLevel.Trace"/> by default: everything the factory's filter lets through.</value>
    public LogLevel MinimumLevel { get; init; }

    /// <summary>The entries so far, oldest first.</summary>
    public IReadOnlyList<LogEntry> Entries => [.. _entries];

    internal IExternalScopeProvider Scopes { get; private set; } = new LoggerExternalScopeProvider();

    /// <summary>The entries of one event.</summary>
    /// <param name="eventName">The name in <see cref="EventId.Name"/>.</param>
    public IReadOnlyList<LogEntry> Named(string eventName) => [.. _entries.Where(entry => entry.EventId.Name == eventName)];

    /// <summary>Completes with the first entry that matches, or that comes and does.</summary>
    /// <param name="match">Which entry; must not block.</param>
    /// <param name="what">What is awaited, in words.</param>
    /// <param name="within">The limit; <see cref="Deadline.Default"/> if null.</param>
    /// <exception cref="TimeoutException">None came in time; the message lists those that did.</exception>
    public async Task<LogEntry> WaitFor(Func<LogEntry, bool> match, string what, TimeSpan? within = null)
    {
        LogEntry? found = null;
        await Deadline.Until(() => (found = _entries.FirstOrDefault(match)) is not null, what, ToString, within).ConfigureAwait(false);
        return found!;
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new RecordingLogger(this, categoryName);

    /// <inheritdoc/>
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => Scopes = scopeProvider;

    /// <summary>Forgets the entries so far.</summary>
    public void Clear() => _entries.Clear();

    /// <summary>Does nothing: the entries stay readable after the host is gone.</summary>
    public void Dispose()
    {
    }

    /// <inheritdoc/>
    public override string ToString() =>
        _entries.IsEmpty ? "(no log entries)" : string.Join(Environment.NewLine, _entries.Select(entry => entry.ToString()));

    internal void Add(LogEntry entry) => _entries.Enqueue(entry);
}
