using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting;

/// <summary>Gives what calls log a scope that says whose it is.</summary>
internal sealed class CallScopes(CurrentSettings settings, ILogger<CallScopes> logger)
{
    private readonly QuietLogger _log = new(logger);

    /// <summary>The call's greenlet begins; in it.</summary>
    /// <remarks>The scope is never closed: it lives in the greenlet's ExecutionContext and goes with it.</remarks>
    public void Begin(Greenlet greenlet, string name)
    {
        // Without a provider no level is enabled
        if (settings.Value.Diagnostics.LogScopes && _log.IsEnabled(LogLevel.Critical))
        {
            _log.BeginScope(new GreenletLogScope(greenlet, name));
        }
    }
}
