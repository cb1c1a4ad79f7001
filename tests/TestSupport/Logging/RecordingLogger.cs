using Microsoft.Extensions.Logging;

namespace GreenletBridge.TestSupport;

/// <summary>A logger that hands each entry to its provider.</summary>
public sealed class RecordingLogger : ILogger
{
    private readonly RecordingLoggerProvider _provider;
    private readonly string _category;

    internal RecordingLogger(RecordingLoggerProvider provider, string category)
    {
        _provider = provider;
        _category = category;
    }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => _provider.Scopes.Push(state);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && logLevel >= _provider.MinimumLevel;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var scopes = new List<object?>();
        _provider.Scopes.ForEachScope(static (scope, list) => list.Add(Copy(scope)), scopes);

        // The state object of a generated log method is reused: copy what it holds.
        KeyValuePair<string, object?>[] values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? [.. pairs] : [];
        _provider.Add(new LogEntry(_category, logLevel, eventId, formatter(state, exception), exception, values, scopes));
    }

    // As a provider that writes them would read them: now, on the thread that logs
    private static object? Copy(object? scope) => scope is IReadOnlyList<KeyValuePair<string, object?>> pairs ? pairs.ToArray() : scope;
}
