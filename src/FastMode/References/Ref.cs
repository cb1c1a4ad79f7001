using System.ComponentModel;

namespace GreenletBridge.FastMode;

/// <summary>A place that is passed by reference, as an object: it lasts while the stack is saved. Woven code passes it.</summary>
/// <typeparam name="T">Type of what is there.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class Ref<T>
{
    private protected Ref()
    {
    }

    /// <summary>The place.</summary>
    public abstract ref T Place { get; }

    /// <summary>The object that has the place in it.</summary>
    public abstract object Owner { get; }

    /// <summary>A place inside of an object.</summary>
    /// <param name="owner">The object: an array, something with fields.</param>
    /// <param name="place">Must be in it.</param>
    public static Ref<T> At(object owner, ref T place) => new InnerPlace<T>(owner, ref place);
}
