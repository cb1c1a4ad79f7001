using System.Reflection;

namespace GreenletBridge.FastMode;

/// <summary>A method that was woven, to be called from async code on a greenlet: what it waits for needs no thread.</summary>
public abstract class WovenMethod
{
    private protected WovenMethod()
    {
    }

    /// <summary>Whether any assembly of the process was woven.</summary>
    public static bool AnyExists => WovenBody.Finder is not null;

    /// <summary>How often woven code of this process has blocked a thread, because something between it and its wait was not woven.</summary>
    public static long BlockedCount => FastModeEvents.Blocked;

    /// <summary>Whether the calling code is in a segment of a greenlet, so that <see cref="InvokeAsync"/> may be called.</summary>
    public static bool CanInvoke => Greenlet.Current is { IsContextCurrent: true };

    /// <summary>Finds the woven form of a method.</summary>
    /// <param name="method">The method as it was written.</param>
    /// <returns>Null when it was not woven.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="method"/> is null.</exception>
    public static WovenMethod? Find(MethodInfo method)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (method.ContainsGenericParameters || method.DeclaringType is not { IsValueType: false } || Array.Exists(method.GetParameters(), static p => p.ParameterType.IsByRef) || Twins.Of(method) is not { } twin)
            return null;
        return method.ReturnType == typeof(void)
            ? new WovenVoidMethod(twin)
            : (WovenMethod)Activator.CreateInstance(typeof(WovenMethod<>).MakeGenericType(method.ReturnType), BindingFlags.Instance | BindingFlags.NonPublic, null, [twin], null)!;
    }

    /// <summary>Calls the method on the current greenlet.</summary>
    /// <param name="target">The object; null for a static method.</param>
    /// <param name="arguments">One for each parameter, of its type.</param>
    /// <returns>The method's value, null if it has none; the method's exception as it threw it.</returns>
    /// <exception cref="InvalidOperationException">The caller is on no greenlet.</exception>
    public abstract ValueTask<object?> InvokeAsync(object? target, object?[] arguments);

    private protected static Greenlet CurrentGreenlet() =>
        CanInvoke ? Greenlet.Current! : throw new InvalidOperationException("A woven method can only be called on a greenlet: use hub.Spawn, or RunInGreenlet on the endpoint.");
}
