namespace GreenletBridge.FastMode;

/// <content>What keeps the code on its thread.</content>
public abstract partial class WovenStack
{
    private List<object>? _held;
    private bool _isPinned;

    /// <summary>From here to its end the code stays on its thread and blocks it when it waits.</summary>
    internal void Pin() => _isPinned = true;

    /// <summary>A lock of the thread's was taken.</summary>
    internal void Hold(object held) => (_held ??= new List<object>(2)).Add(held);

    /// <summary>A lock was let go; one that was taken out of sight changes nothing.</summary>
    internal void Release(object held)
    {
        for (var i = (_held?.Count ?? 0) - 1; i >= 0; i--)
        {
            if (!ReferenceEquals(_held![i], held))
                continue;
            _held.RemoveAt(i);
            if (_held.Count == 0)
                _held = null;
            return;
        }
    }
}
