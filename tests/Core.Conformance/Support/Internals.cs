using System.Collections;
using System.Reflection;

namespace GreenletBridge.Core.Conformance;

/// <summary>What is left behind where nobody outside can see it.</summary>
internal static class Internals
{
    private static readonly FieldInfo _continuations = typeof(Greenlet).GetField("_continuations", BindingFlags.Instance | BindingFlags.NonPublic)!;

    /// <summary>How many are to be told of a greenlet's end.</summary>
    public static int ContinuationCount(this Greenlet greenlet)
    {
        var one = _continuations.GetValue(greenlet);
        var many = one?.GetType().GetField("_all", BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(one);
        return many is ICollection collection ? collection.Count : one is null ? 0 : 1;
    }
}
