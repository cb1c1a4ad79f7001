using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting;

/// <summary>A logger whose sinks may fail: what they throw ends nothing but the entry.</summary>
/// <remarks>For what is logged on a timer's thread, where an exception ends the process, and in the middle of what must be brought to its end.</remarks>
internal sealed class QuietLogger(ILogger inner) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        try
        {
            return inner.BeginScope(state);
        }
        catch (Exception)
        {
            return null;
        }
    }

    // Asked before each entry
    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return inner.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return false;
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // There is nowhere left to say so
        }
    }
}
