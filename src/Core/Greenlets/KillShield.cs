namespace GreenletBridge;

/// <summary>Defers the kills of one greenlet until it is disposed.</summary>
internal sealed class KillShield : IDisposable
{
    private Greenlet? _greenlet;

    internal KillShield(Greenlet greenlet)
    {
        _greenlet = greenlet;
        greenlet.AddShield();
    }

    public void Dispose() => Interlocked.Exchange(ref _greenlet, null)?.RemoveShield();
}
