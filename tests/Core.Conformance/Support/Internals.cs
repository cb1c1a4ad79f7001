using System.Collections;
using System.Reflection;

namespace GreenletBridge.Core.Conformance;

/// <summary>What is left behind where nobody outside can see it.</summary>
internal static class Internals
{
    private static readonly FieldInfo _continuations = typeof(Greenlet).GetField("_continuations", BindingFlags.Instance | BindingFlags.NonPublic)!;

    private static readonly PropertyInfo _watchdog = typeof(HubOptions).GetProperty("Watchdog", BindingFlags.Instance | BindingFlags.NonPublic)!;

    /// <summary>Has nobody take the baton from a segment that is held up.</summary>
    public static void LeaveUnwatched(this HubOptions options) =>
        _watchdog.SetValue(options, Activator.CreateInstance(_watchdog.PropertyType, BindingFlags.Instance | BindingFlags.NonPublic, null, [null, false], null));

    /// <summary>How many are to be told of a greenlet's end.</summary>
    public static int ContinuationCount(this Greenlet greenlet)
    {
        var one = _continuations.GetValue(greenlet);
        var many = one?.GetType().GetField("_all", BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(one);
        return many is ICollection collection ? collection.Count : one is null ? 0 : 1;
    }
}
