namespace GreenletBridge;

/// <summary>The time of a <see cref="GreenletTimeout"/> was up; thrown where its greenlet waits.</summary>
/// <remarks>Whoever catches it asks <see cref="Owner"/>, or <see cref="GreenletTimeout.IsCauseOf"/>, whether it is its own: scopes nest.</remarks>
public sealed class GreenletTimeoutException : TimeoutException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="owner">The timeout whose time was up.</param>
    public GreenletTimeoutException(GreenletTimeout owner)
        : base($"The time of {owner?.Time} that a GreenletTimeout gave was up.") => Owner = owner ?? throw new ArgumentNullException(nameof(owner));

    /// <summary>The timeout whose time was up.</summary>
    public GreenletTimeout Owner { get; }
}
