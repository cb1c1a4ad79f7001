namespace GreenletBridge.FastMode;

/// <content>What keeps the code on its thread.</content>
public abstract partial class WovenStack
{
    private object[]? _held;
    private int _heldCount;
    private bool _isPinned;

    /// <summary>From here to its end the code stays on its thread and blocks it when it waits.</summary>
    internal void Pin() => _isPinned = true;

    /// <summary>A lock of the thread's was taken.</summary>
    internal void Hold(object held)
    {
        _held ??= new object[2];
        if (_heldCount == _held.Length)
            Array.Resize(ref _held, _heldCount * 2);
        _held[_heldCount++] = held;
    }

    /// <summary>A lock was let go; one that was taken out of sight changes nothing.</summary>
    internal void Release(object held)
    {
        for (var i = _heldCount - 1; i >= 0; i--)
        {
            if (!ReferenceEquals(_held![i], held))
                continue;
            _heldCount--;
            Array.Copy(_held, i + 1, _held, i, _heldCount - i);
            _held[_heldCount] = null!;
            if (_heldCount == 0)
                _held = null;
            return;
        }
    }
}
