namespace GreenletBridge;

/// <content>Values of its own.</content>
public partial class Greenlet
{
    /// <summary>The value it keeps under that key; null when there is none.</summary>
    internal object? FindLocal(object key)
    {
        if (_details is not { Locals: not null } details)
            return null;
        object? value = null;
        details.LocalsLock.Enter();
        details.Locals?.TryGetValue(key, out value);
        details.LocalsLock.Exit();
        return value;
    }

    /// <summary>Keeps a value under that key until the greenlet ends; null forgets it.</summary>
    internal void KeepLocal(object key, object? value)
    {
        var details = Details;
        details.LocalsLock.Enter();
        // What it leaves running after its end keeps nothing.
        if (value is null || IsReady)
            details.Locals?.Remove(key);
        else
            (details.Locals ??= [])[key] = value;
        details.LocalsLock.Exit();
    }
}
