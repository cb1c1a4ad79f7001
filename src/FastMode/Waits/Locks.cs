using System.ComponentModel;

namespace GreenletBridge.FastMode;

/// <summary>What woven code calls in place of <see cref="Monitor"/>: as there, and the stack knows what its thread holds.</summary>
/// <remarks>While it holds something, code that waits blocks its thread: another could not let the lock go.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Locks
{
    /// <summary>As <see cref="Monitor.Enter(object, ref bool)"/>.</summary>
    /// <param name="obj">As there.</param>
    /// <param name="lockTaken">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Monitor), nameof(Monitor.Enter), NeverSuspends = true)]
    public static void Enter(object obj, ref bool lockTaken, WovenStack stack)
    {
        Monitor.Enter(obj, ref lockTaken);
        stack.Hold(obj);
    }

    /// <summary>As <see cref="Monitor.Enter(object)"/>.</summary>
    /// <param name="obj">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Monitor), nameof(Monitor.Enter), NeverSuspends = true)]
    public static void Enter(object obj, WovenStack stack)
    {
        Monitor.Enter(obj);
        stack.Hold(obj);
    }

    /// <summary>As <see cref="Monitor.TryEnter(object)"/>.</summary>
    /// <param name="obj">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Monitor), nameof(Monitor.TryEnter), NeverSuspends = true)]
    public static bool TryEnter(object obj, WovenStack stack) => Held(Monitor.TryEnter(obj), obj, stack);

    /// <summary>As <see cref="Monitor.TryEnter(object, ref bool)"/>.</summary>
    /// <param name="obj">As there.</param>
    /// <param name="lockTaken">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Monitor), nameof(Monitor.TryEnter), NeverSuspends = true)]
    public static void TryEnter(object obj, ref bool lockTaken, WovenStack stack)
    {
        Monitor.TryEnter(obj, ref lockTaken);
        Held(lockTaken, obj, stack);
    }

    /// <summary>As <see cref="Monitor.TryEnter(object, int)"/>.</summary>
    /// <param name="obj">As there.</param>
    /// <param name="millisecondsTimeout">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Monitor), nameof(Monitor.TryEnter), NeverSuspends = true)]
    public static bool TryEnter(object obj, int millisecondsTimeout, WovenStack stack) => Held(Monitor.TryEnter(obj, millisecondsTimeout), obj, stack);

    /// <summary>As <see cref="Monitor.TryEnter(object, TimeSpan)"/>.</summary>
    /// <param name="obj">As there.</param>
    /// <param name="timeout">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Monitor), nameof(Monitor.TryEnter), NeverSuspends = true)]
    public static bool TryEnter(object obj, TimeSpan timeout, WovenStack stack) => Held(Monitor.TryEnter(obj, timeout), obj, stack);

    /// <summary>As <see cref="Monitor.TryEnter(object, int, ref bool)"/>.</summary>
    /// <param name="obj">As there.</param>
    /// <param name="millisecondsTimeout">As there.</param>
    /// <param name="lockTaken">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Monitor), nameof(Monitor.TryEnter), NeverSuspends = true)]
    public static void TryEnter(object obj, int millisecondsTimeout, ref bool lockTaken, WovenStack stack)
    {
        Monitor.TryEnter(obj, millisecondsTimeout, ref lockTaken);
        Held(lockTaken, obj, stack);
    }

    /// <summary>As <see cref="Monitor.TryEnter(object, TimeSpan, ref bool)"/>.</summary>
    /// <param name="obj">As there.</param>
    /// <param name="timeout">As there.</param>
    /// <param name="lockTaken">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Monitor), nameof(Monitor.TryEnter), NeverSuspends = true)]
    public static void TryEnter(object obj, TimeSpan timeout, ref bool lockTaken, WovenStack stack)
    {
        Monitor.TryEnter(obj, timeout, ref lockTaken);
        Held(lockTaken, obj, stack);
    }

    /// <summary>As <see cref="Monitor.Exit"/>.</summary>
    /// <param name="obj">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Monitor), nameof(Monitor.Exit), NeverSuspends = true)]
    public static void Exit(object obj, WovenStack stack)
    {
        Monitor.Exit(obj);
        stack.Release(obj);
    }

    /// <summary>Woven code, before a call whose effect belongs to its thread: it stays there to its end.</summary>
    /// <param name="stack">The caller's.</param>
    public static void Pin(WovenStack stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        stack.Pin();
    }

    private static bool Held(bool isHeld, object obj, WovenStack stack)
    {
        if (isHeld)
            stack.Hold(obj);
        return isHeld;
    }
}
