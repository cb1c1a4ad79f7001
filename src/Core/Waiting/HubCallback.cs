namespace GreenletBridge;

/// <summary>Marks calls of user code from inside the engine, which must not wait.</summary>
internal static class HubCallback
{
    /// <summary>Calls <paramref name="callback"/>; a hub wait in it throws at once, and what it throws is given back, not thrown.</summary>
    internal static Exception? Run<T>(string name, T state, Action<T> callback)
    {
        var outer = CallbackMark.Enter(name);
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
            CallbackMark.Leave(outer);
        }
    }

    /// <exception cref="BlockingInHubCallbackException">The caller is such a callback.</exception>
    internal static void ThrowIfInside()
    {
        if (CallbackMark.Current is { } name)
            throw new BlockingInHubCallbackException(
                $"A hub's {name} callback must not wait: it runs inside the hub's own machinery. Start a greenlet (hub.Spawn) from it and wait there.");
    }
}
