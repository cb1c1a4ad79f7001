using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace GreenletBridge;

/// <summary>What <c>await greenlet</c> compiles to.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct GreenletAwaiter : ICriticalNotifyCompletion, IEquatable<GreenletAwaiter>
{
    private readonly Greenlet _greenlet;
    private readonly AwaitContinuation? _wait;

    internal GreenletAwaiter(Greenlet greenlet)
    {
        if (Greenlet.Current == greenlet)
            throw new HubDeadlockException($"{greenlet} awaits itself: it can never end. Return instead, or await it elsewhere.");
        greenlet.AutoStart();
        _greenlet = greenlet;
        // Made here, because the awaiter is copied before it is told its continuation.
        _wait = greenlet.IsReady ? null : new AwaitContinuation(greenlet);
    }

    /// <summary>Whether it has ended.</summary>
    public bool IsCompleted => _greenlet.IsReady;

    /// <summary>Throws what it failed with.</summary>
    public void GetResult()
    {
        _wait?.ThrowIfKilled();
        // Only who calls GetAwaiter().GetResult() by hand comes here before the end.
        _greenlet.WaitForGet(null, CancellationToken.None);
        _greenlet.FlowContextBack();
        _greenlet.ThrowIfFailed();
    }

    /// <inheritdoc />
    public void OnCompleted(Action continuation) => (_wait ?? new AwaitContinuation(_greenlet)).Add(continuation, flowContext: true);

    /// <inheritdoc />
    public void UnsafeOnCompleted(Action continuation) => (_wait ?? new AwaitContinuation(_greenlet)).Add(continuation, flowContext: false);

    /// <inheritdoc />
    public bool Equals(GreenletAwaiter other) => ReferenceEquals(_greenlet, other._greenlet);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is GreenletAwaiter other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(_greenlet);

    /// <summary>Whether both await the same greenlet.</summary>
    public static bool operator ==(GreenletAwaiter left, GreenletAwaiter right) => left.Equals(right);

    /// <summary>Whether they await different greenlets.</summary>
    public static bool operator !=(GreenletAwaiter left, GreenletAwaiter right) => !left.Equals(right);
}
