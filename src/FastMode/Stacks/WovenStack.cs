using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace GreenletBridge.FastMode;

/// <summary>The stack of one run of woven code, on the thread while it runs and in frames while it waits. Woven code passes it on.</summary>
/// <remarks>
/// A call that begins to wait sets <see cref="Suspending"/> and returns; each woven caller then saves itself in a frame and returns
/// as well. To go on, the innermost frame is entered first, and a caller's frame only when its callee has returned or thrown.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract partial class WovenStack : IWovenStack
{
#pragma warning disable CA1051, MA0069 // Looked at by woven code after every call
    /// <summary>Whether the stack is being saved: whoever was called has not ended but waits.</summary>
    public bool Suspending;
#pragma warning restore CA1051, MA0069

    private readonly Greenlet _greenlet;
    // The innermost; while the stack is being saved the outermost so far, whose caller is the innermost.
    private Frame? _frames;
    private ExecutionContext? _executionContext;
    private Exception? _error;
    // The callee's value, the wait that begins, or what cancels a call that is about to be made: never two at a time.
    private object? _result;
    private WaitOutcome _outcome;

    private protected WovenStack(Greenlet greenlet)
    {
        _greenlet = greenlet;
        greenlet.IsInWoven = true;
    }

    ExecutionContext? IWovenStack.ExecutionContext => _executionContext;

    /// <inheritdoc />
    Greenlet IWovenStack.Greenlet => _greenlet;

    internal Greenlet Greenlet => _greenlet;

    /// <summary>Whether code may wait by returning. If not, it has to block its thread, which is always right.</summary>
    internal bool CanSuspend =>
        _held is null
        && !_isPinned
        && WaitOwner.Current == _greenlet
        // What the code made current on its thread has to stay current.
        && _greenlet.IsContextCurrent
        && !ExecutionContext.IsFlowSuppressed();

    /// <summary>Woven code: a frame of the stack that is being saved, innermost first.</summary>
    /// <param name="frame">The caller's.</param>
    public void Push(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var outermost = _frames;
        frame.Caller = outermost is null ? frame : outermost.Caller;
        outermost?.Caller = frame;
        _frames = frame;
    }

    /// <summary>Woven code: throws what the callee has thrown, if it has.</summary>
    public void Check()
    {
        if (_error is null)
            return;
        var error = _error;
        _error = null;
        ExceptionDispatchInfo.Throw(error);
    }

    /// <summary>Woven code: the value of the callee; throws what it has thrown.</summary>
    /// <typeparam name="T">Type of the value.</typeparam>
    public T Take<T>()
    {
        Check();
        var result = _result;
        _result = null;
        if (typeof(T).IsValueType)
            return ((Cell<T>)result!).Value;
        return Unsafe.As<object?, T>(ref result);
    }

    /// <summary>Woven code: the value of a call that has gone on after a wait; nothing if it waits again.</summary>
    /// <typeparam name="T">Type of the value.</typeparam>
    /// <param name="value">The value, for the caller's frame.</param>
    public void Return<T>(T value)
    {
        if (!Suspending)
            _result = typeof(T).IsValueType ? new Cell<T>(value) : value;
    }

    void IWovenStack.Resume(WovenWaiter waiter)
    {
        _outcome = waiter.Outcome;
        if (_outcome == WaitOutcome.Killed)
            _error = ((IWaitOwner)_greenlet).TakeKill(waiter) ?? waiter.Kill;
        else if (waiter.Source is TurnSource turn)
            _result = turn.Value;
        var frame = _frames!;
        _greenlet.IsInWoven = true;
        while (true)
        {
            var caller = frame.Caller;
            _frames = null;
            try
            {
                frame.Resume(this);
            }
            catch (Exception e)
            {
                // The caller's, to be thrown where it called.
                _error = e;
            }

            if (Suspending)
            {
                Park(caller);
                return;
            }

            if (caller is null)
            {
                _greenlet.IsInWoven = false;
                Complete();
                return;
            }

            frame = caller;
        }
    }

    /// <summary>Begins a wait: the caller returns, and its callers, with their frames saved.</summary>
    /// <param name="leaf">What goes on when the wait is over; null: the woven caller itself.</param>
    /// <param name="source">What to wait for; null: only the time.</param>
    /// <param name="isOfAnother">Whether a kill reaches what it waits for, and so not this wait.</param>
    /// <returns>The wait, for more that may end it.</returns>
    internal WovenWaiter Suspend(Frame? leaf, IWaitSource? source, bool isOfAnother = false)
    {
        var waiter = new WovenWaiter(this, source, isOfAnother);
        _result = waiter;
        Suspending = true;
        if (leaf is not null)
            Push(leaf);
        return waiter;
    }

    /// <summary>A token for the async form of a call that is about to be made.</summary>
    internal CancellationToken BeginCall()
    {
        var call = new CancellationTokenSource();
        _result = call;
        return call.Token;
    }

    /// <summary>What cancels that call; null when it has no token.</summary>
    internal CancellationTokenSource? TakeCall()
    {
        var call = _result as CancellationTokenSource;
        _result = null;
        return call;
    }

    /// <summary>A leaf's frame: how its wait has ended; throws the kill if it was that.</summary>
    internal WaitOutcome TakeOutcome()
    {
        Check();
        return _outcome;
    }

    /// <summary>The first call has returned: parks if it waits, else nothing.</summary>
    /// <returns>Whether it waits.</returns>
    private protected bool ParkIfSuspending()
    {
        if (!Suspending)
            return false;
        Park(null);
        return true;
    }

    /// <summary>The outermost frame has ended: its outcome is to be taken.</summary>
    private protected abstract void Complete();

    /// <summary>What it has thrown, null when it returned.</summary>
    private protected Exception? TakeError()
    {
        var error = _error;
        _error = null;
        return error;
    }

    /// <summary>The stack is saved, on top of what had been saved before.</summary>
    private void Park(Frame? caller)
    {
        var outermost = _frames!;
        _frames = outermost.Caller;
        outermost.Caller = caller;
        Suspending = false;
        _greenlet.IsInWoven = false;
        _executionContext = ExecutionContext.Capture();
        var waiter = (WovenWaiter)_result!;
        _result = null;
        Greenlet.Suspend(waiter);
    }
}
