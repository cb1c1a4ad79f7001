namespace GreenletBridge.FastMode.Build;

/// <summary>How woven code calls at a site that may wait.</summary>
internal enum SiteKind
{
    /// <summary>A wait that has a woven form.</summary>
    Primitive,

    /// <summary>The twin of the very method that is called.</summary>
    Direct,

    /// <summary>The twin of a class's constructor, on an object that is made for it.</summary>
    New,

    /// <summary>The twin of whatever overrides the method, if the guard allows.</summary>
    Virtual,

    /// <summary>As <see cref="Virtual"/>, through a type parameter: of an object, or of a struct that implements the interface.</summary>
    Constrained,

    /// <summary>The twin of the delegate's method, if it has one.</summary>
    Delegate,

    /// <summary>The next step of an enumeration: the twin of the enumerator's method, if it has one.</summary>
    Iterator,

    /// <summary>As <see cref="Primitive"/>, of what waits only if what it is given does.</summary>
    Enumeration,

    /// <summary>The async method of a pair, and a wait for its Task.</summary>
    Pair,
}
