using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace GreenletBridge;

/// <summary>A value, or an exception, that comes later and that any number of greenlets and threads wait for.</summary>
/// <remarks>
/// Can be set again: the last one counts, also for those who were woken by an earlier one and have not run yet. Any thread may call
/// any member; waits work across hubs.
/// </remarks>
/// <typeparam name="T">The type of the value.</typeparam>
/// <example><code>
/// var answer = new AsyncResult&lt;int&gt;();
/// hub.Spawn(() => answer.Set(Compute()));
/// Console.WriteLine(answer.Get());                   // or: await answer
///
/// hub.Spawn(() => Compute()).Link(answer.SetFrom);   // a greenlet's end sets it, its value or its exception
/// </code></example>
public sealed class AsyncResult<T> : IGreenletWaitable, IWaitSource
{
    private TinyLock _lock;
    private WaiterList _waiters;
    private volatile bool _isReady;
    private T? _value;
    private Exception? _exception;

    /// <summary>Whether it was set, in whatever way.</summary>
    public bool IsReady => _isReady;

    /// <summary>Whether it was set to a value.</summary>
    public bool IsSuccessful => _isReady && Exception is null;

    /// <summary>The value; the default of its type while there is none.</summary>
    [MaybeNull]
    public T Value => Read().Value;

    /// <summary>The exception; null while there is none.</summary>
    public Exception? Exception => Read().Exception;

    IWaitSource IGreenletWaitable.WhenReady => this;

    /// <summary>Sets the value and wakes all who wait. Never waits, never runs their code.</summary>
    public void Set(T value) => Set(value, null);

    /// <summary>Sets the exception, which <see cref="Get"/> throws, and wakes all who wait.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="exception"/> is null.</exception>
    public void SetException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Set(default, exception);
    }

    /// <summary>Sets it to what a greenlet has ended with: hand it to <see cref="Greenlet.Link"/>.</summary>
    /// <param name="greenlet">One that has ended. Its value if it completed, else what it failed or was killed with.</param>
    /// <exception cref="ArgumentNullException"><paramref name="greenlet"/> is null.</exception>
    /// <exception cref="ArgumentException">Its value is of another type.</exception>
    /// <exception cref="InvalidOperationException">It has not ended.</exception>
    public void SetFrom(Greenlet greenlet)
    {
        ArgumentNullException.ThrowIfNull(greenlet);
        if (!greenlet.IsReady)
            throw new InvalidOperationException($"{greenlet} has not ended, so it has no result yet. Use greenlet.Link(result.SetFrom).");
        if (!greenlet.IsSuccessful)
            SetException(greenlet.EndException!);
        else if (greenlet is Greenlet<T> typed)
            Set(typed.ValueOrDefault()!);
        else if (greenlet.Value is T or null && default(T) is null)
            Set((T?)greenlet.Value!);
        else
            throw new ArgumentException($"{greenlet} has no value of type {typeof(T)}.", nameof(greenlet));
    }

    /// <summary>Waits until it is set, and gives the value. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="timeout">How long to wait; null (the default): without limit; zero: only a look.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The value, every time it is asked for.</returns>
    /// <exception cref="TimeoutException">The time was up first.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="GreenletExitException">The greenlet that waits was killed.</exception>
    /// <exception cref="Exception">Whatever it was set to.</exception>
    public T Get(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Wait(timeout, cancellationToken) ? Result() : throw TooLate(timeout);

    /// <summary>As <see cref="Get"/>, awaited.</summary>
    /// <inheritdoc cref="Get" path="/param|/returns|/exception"/>
    public ValueTask<T> GetAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var isLook = WaitLimit.IsZero(timeout);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<T>(cancellationToken);
        return _isReady || isLook ? GetNow(timeout) : new ResultWaiter(this, timeout, cancellationToken).Start();
    }

    /// <summary>Waits until it is set; never throws what it was set to. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="timeout">How long to wait; null (the default): without limit; zero: only a look.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it is set; false when the time was up first.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="GreenletExitException">The greenlet that waits was killed.</exception>
    public bool Wait(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var isLook = WaitLimit.IsLook(timeout, cancellationToken);
        return _isReady || (!isLook && WaitLimit.Block(this, timeout, cancellationToken));
    }

    /// <summary>As <see cref="Wait"/>, awaited.</summary>
    /// <inheritdoc cref="Wait" path="/param|/returns|/exception"/>
    public ValueTask<bool> WaitAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        WaitLimit.Async(this, _isReady, timeout, cancellationToken);

    /// <summary>Makes <c>await result</c> work: gives the value or throws the exception.</summary>
#pragma warning disable CA2012 // Consumed once, by the await that asks for it
    public ValueTaskAwaiter<T> GetAwaiter() => GetAsync().GetAwaiter();
#pragma warning restore CA2012

    bool IWaitSource.TryAdd(Waiter waiter)
    {
        _lock.Enter();
        var waits = !_isReady;
        if (waits)
            _waiters.Add(waiter);
        _lock.Exit();
        return waits;
    }

    void IWaitSource.Remove(Waiter waiter)
    {
        _lock.Enter();
        _waiters.Remove(waiter);
        _lock.Exit();
    }

    string IWaitSource.Describe() => $"a result of type {typeof(T).Name}";

    private static TimeoutException TooLate(TimeSpan? timeout) => new($"The result was not set within {timeout}.");

    private void Set(T? value, Exception? exception)
    {
        _lock.Enter();
        _value = value;
        _exception = exception;
        _isReady = true;
        var woken = _waiters.TakeAll();
        _lock.Exit();
        WaiterList.Wake(woken);
    }

    private (T? Value, Exception? Exception) Read()
    {
        // Together: it may be set again meanwhile.
        _lock.Enter();
        var both = (_value, _exception);
        _lock.Exit();
        return both;
    }

    private T Result()
    {
        var (value, exception) = Read();
        if (exception is not null)
            ExceptionDispatchInfo.Throw(exception);
        return value!;
    }

    private ValueTask<T> GetNow(TimeSpan? timeout)
    {
        try
        {
            return new ValueTask<T>(_isReady ? Result() : throw TooLate(timeout));
        }
        catch (Exception e)
        {
            return ValueTask.FromException<T>(e);
        }
    }

    private sealed class ResultWaiter(AsyncResult<T> result, TimeSpan? timeout, CancellationToken cancellationToken) : AwaitedWaiter<T>(result, timeout, cancellationToken)
    {
        protected override T ResultOf(WaitOutcome outcome) => WaitLimit.Came(outcome, Token) ? result.Result() : throw TooLate(Timeout);
    }
}
