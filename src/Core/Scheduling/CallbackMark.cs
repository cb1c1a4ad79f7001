namespace GreenletBridge;

/// <summary>Marks calls of user code from inside the engine, which must not wait.</summary>
internal static class CallbackMark
{
    [ThreadStatic]
    private static string? _current;

    /// <summary>What the calling thread is in; null when user code may wait.</summary>
    internal static string? Current => _current;

    /// <summary>Enters a callback.</summary>
    /// <returns>What to <see cref="Leave"/> to.</returns>
    internal static string? Enter(string name)
    {
        var outer = _current;
        _current = name;
        return outer;
    }

    internal static void Leave(string? outer) => _current = outer;
}
