using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GreenletBridge.Hosting.Tests.Diagnostics;

/// <summary>A sink that fails at each entry of one event of ours.</summary>
internal sealed class ThrowingProvider(string eventName) : ILoggerProvider, ILogger
{
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("GreenletBridge", StringComparison.Ordinal) ? this : NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name != eventName)
            return;
        Interlocked.Increment(ref _calls);
        throw new IOException("the test's disk is full");
    }

    public void Dispose()
    {
    }
}
