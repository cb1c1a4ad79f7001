namespace GreenletBridge.Drivers.Tests.Catalogue;

/// <summary>Gives something back at the end of a scene.</summary>
internal sealed class Owner(Action giveBack) : IDisposable
{
    public void Dispose() => giveBack();
}
