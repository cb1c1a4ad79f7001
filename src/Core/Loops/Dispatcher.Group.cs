namespace GreenletBridge;

/// <content>Its part in a group's work that has not begun.</content>
internal sealed partial class Dispatcher
{
    private volatile bool _isLeaving;
    private volatile bool _isOut;

    /// <summary>Whether it leaves the group's work to the others, as long as there are any.</summary>
    internal bool IsLeaving => _isLeaving;

    /// <summary>Whether it takes nothing of it any more.</summary>
    internal bool IsOut => _isOut;

    /// <summary>Its hub stops: the group's work is the others' now, or everybody's if all of them stop.</summary>
    internal void Leave()
    {
        if (_shared is null || _isLeaving)
            return;
        _isLeaving = true;
        _shared.NoteLeft();
    }

    /// <summary>Its hub has stopped.</summary>
    internal void GoOut()
    {
        _isOut = true;
        _shared?.Kick();
    }
}
