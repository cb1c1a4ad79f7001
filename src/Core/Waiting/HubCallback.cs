namespace GreenletBridge;

/// <summary>Marks calls of user code from inside the engine, which must not wait.</summary>
internal static class HubCallback
{
    [ThreadStatic]
    private static string? _name;

    /// <summary>Calls <paramref name="callback"/>; a hub wait in it throws at once, and what it throws is given back, not thrown.</summary>
    internal static Exception? Run<T>(string name, T state, Action<T> callback)
    {
        var outer = _name;
        _name = name;
        try
        {
            callback(state);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
        finally
        {
            _name = outer;
        }
    }

    /// <exception cref="BlockingInHubCallbackException">The caller is such a callback.</exception>
    internal static void ThrowIfInside()
    {
        if (_name is not null)
            throw new BlockingInHubCallbackException(
                $"A hub's {_name} callback must not wait: it runs inside the hub's own machinery. Start a greenlet (hub.Spawn) from it and wait there.");
    }
}
