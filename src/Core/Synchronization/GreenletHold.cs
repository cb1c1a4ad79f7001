using System.Runtime.InteropServices;

namespace GreenletBridge;

/// <summary>A lock or a place of a semaphore that is held until this is disposed.</summary>
/// <remarks>Dispose it once: it is a value, and each disposal gives back one hold.</remarks>
/// <example><code>
/// using (await gate.AcquireAsync())
///     await UploadAsync(file);
/// </code></example>
[StructLayout(LayoutKind.Auto)]
public readonly struct GreenletHold : IDisposable, IEquatable<GreenletHold>
{
    private readonly IReleasable? _from;
    private readonly object? _owner;

    internal GreenletHold(IReleasable from, object? owner = null)
    {
        _from = from;
        _owner = owner;
    }

    /// <summary>Gives it back; nothing for <c>default</c>. Any thread.</summary>
    /// <exception cref="SynchronizationLockException">It is a lock that was given back already.</exception>
    /// <exception cref="SemaphoreFullException">It is a place of a bounded semaphore that was given back already.</exception>
    public void Dispose() => _from?.Release(_owner);

    /// <inheritdoc />
    public bool Equals(GreenletHold other) => ReferenceEquals(_from, other._from) && ReferenceEquals(_owner, other._owner);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is GreenletHold other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(_from, _owner);

    /// <summary>Whether both hold the same for the same owner.</summary>
    public static bool operator ==(GreenletHold left, GreenletHold right) => left.Equals(right);

    /// <summary>Whether they differ in what they hold or for whom.</summary>
    public static bool operator !=(GreenletHold left, GreenletHold right) => !left.Equals(right);
}
