namespace GreenletBridge;

/// <summary>Tells a scope how its greenlets end.</summary>
internal sealed class ScopeMember(GreenletScope scope) : IGreenletContinuation
{
    public void OnEnded(Greenlet greenlet) => scope.NoteEnded(greenlet);
}
