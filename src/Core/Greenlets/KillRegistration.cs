using System.Runtime.InteropServices;

namespace GreenletBridge;

/// <summary>What <see cref="Greenlet.OnKill"/> has registered; disposing it takes it back.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct KillRegistration : IDisposable, IAsyncDisposable, IEquatable<KillRegistration>
{
    private readonly CancellationTokenRegistration _registration;

    internal KillRegistration(CancellationTokenRegistration registration) => _registration = registration;

    /// <summary>Whether both are the same registration.</summary>
    public static bool operator ==(KillRegistration left, KillRegistration right) => left.Equals(right);

    /// <summary>Whether they are different registrations.</summary>
    public static bool operator !=(KillRegistration left, KillRegistration right) => !left.Equals(right);

    /// <summary>The callback is not begun after this. One that runs is waited for, cooperatively, but no longer than <see cref="HubOptions.KillGrace"/>.</summary>
    public void Dispose()
    {
        var done = _registration.DisposeAsync();
        if (done.IsCompletedSuccessfully)
            return;
        var ended = done.AsTask();
        if (Greenlet.Current is not { } greenlet)
        {
            Greenlet.Await(ended);
            return;
        }

        // Whoever takes the connection next must not meet the rest of this kill. After the grace the wait was broken off, and nobody takes it.
        using (Greenlet.Shield())
            Waits.Block(new TaskSource(ended), greenlet.KillGrace);
    }

    /// <summary>As <see cref="Dispose"/>, awaited.</summary>
    public ValueTask DisposeAsync() => _registration.DisposeAsync();

    /// <inheritdoc />
    public bool Equals(KillRegistration other) => _registration.Equals(other._registration);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is KillRegistration other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => _registration.GetHashCode();
}
