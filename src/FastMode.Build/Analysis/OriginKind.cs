namespace GreenletBridge.FastMode.Build;

/// <summary>What an address is the address of.</summary>
internal enum OriginKind
{
    /// <summary>A local.</summary>
    Local,

    /// <summary>A parameter that is passed by value.</summary>
    Argument,

    /// <summary>What a parameter refers to that is passed by reference; of a struct's method, the struct.</summary>
    Reference,

    /// <summary>A field of an object.</summary>
    ObjectField,

    /// <summary>An element of an array.</summary>
    Element,

    /// <summary>A field of a value that has an address.</summary>
    Field,
}
