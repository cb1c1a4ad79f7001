using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace GreenletBridge;

/// <summary>A greenlet with a value.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <example><code>
/// var page = hub.Spawn(() => Download(url));      // Greenlet&lt;string&gt;
/// Show(page.Get());                               // or: await page
/// </code></example>
public sealed class Greenlet<T> : Greenlet
{
    private T? _value;

    internal Greenlet(IGreenletTarget target, Body body, Delegate code)
        : base(target, body, code)
    {
    }

    private protected override object? BoxedValue => _value;

    /// <summary>Waits until it has ended and gives its value. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="timeout">How long to wait; null (the default): without limit; zero: only a look.</param>
    /// <param name="cancellationToken">Ends the wait, not the greenlet.</param>
    /// <returns>The value, every time it is asked for.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="TimeoutException">The time was up first.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="GreenletExitException">It was killed.</exception>
    /// <exception cref="HubDeadlockException">It was never started, or is the one that asks.</exception>
    /// <exception cref="Exception">Whatever it failed with.</exception>
    public new T Get(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        WaitForGet(timeout, cancellationToken);
        return ResultOrThrow();
    }

    /// <summary>Makes <c>await greenlet</c> work: gives its value or throws its exception.</summary>
    public new GreenletAwaiter<T> GetAwaiter() => new(this);

    internal void EndWith(T value)
    {
        _value = value;
        End(value as GreenletExitException);
    }

    [return: MaybeNull]
    internal T ValueOrDefault() => _value;

    internal T ResultOrThrow()
    {
        if (EndException is { } error)
            ExceptionDispatchInfo.Throw(error);
        return _value!;
    }
}
