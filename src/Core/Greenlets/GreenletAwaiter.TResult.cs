using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace GreenletBridge;

/// <summary>What <c>await greenlet</c> compiles to, for one with a value.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct GreenletAwaiter<T> : ICriticalNotifyCompletion, IEquatable<GreenletAwaiter<T>>
{
    private readonly Greenlet<T> _greenlet;
    private readonly AwaitContinuation? _wait;

    internal GreenletAwaiter(Greenlet<T> greenlet)
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

    /// <summary>Gives its value or throws what it failed with.</summary>
    public T GetResult()
    {
        _wait?.ThrowIfKilled();
        // Only who calls GetAwaiter().GetResult() by hand comes here before the end.
        _greenlet.WaitForGet(null, CancellationToken.None);
        _greenlet.FlowContextBack();
        return _greenlet.ResultOrThrow();
    }

    /// <inheritdoc />
    public void OnCompleted(Action continuation) => (_wait ?? new AwaitContinuation(_greenlet)).Add(continuation, flowContext: true);

    /// <inheritdoc />
    public void UnsafeOnCompleted(Action continuation) => (_wait ?? new AwaitContinuation(_greenlet)).Add(continuation, flowContext: false);

    /// <inheritdoc />
    public bool Equals(GreenletAwaiter<T> other) => ReferenceEquals(_greenlet, other._greenlet);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is GreenletAwaiter<T> other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(_greenlet);

    /// <summary>Whether both await the same greenlet.</summary>
    public static bool operator ==(GreenletAwaiter<T> left, GreenletAwaiter<T> right) => left.Equals(right);

    /// <summary>Whether they await different greenlets.</summary>
    public static bool operator !=(GreenletAwaiter<T> left, GreenletAwaiter<T> right) => !left.Equals(right);
}
