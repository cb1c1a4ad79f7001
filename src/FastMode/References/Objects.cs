using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace GreenletBridge.FastMode;

/// <summary>Makes objects whose constructor may wait: woven code runs its twin on them.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Objects
{
    /// <summary>An object on which no constructor has run yet.</summary>
    /// <typeparam name="T">Its class.</typeparam>
    public static T New<T>()
        where T : class => Unsafe.As<T>(RuntimeHelpers.GetUninitializedObject(typeof(T)));
}
