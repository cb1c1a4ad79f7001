namespace GreenletBridge.FastMode;

/// <summary>Says which method a primitive stands for: the build calls the primitive in woven code instead.</summary>
/// <remarks>The primitive's parameters are those of the method, behind the object of an instance method, and then the stack; its type parameters those of the type.</remarks>
/// <param name="type">Type that declares the method.</param>
/// <param name="method">Name of the method.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ReplacesAttribute(Type type, string method) : Attribute
{
    public Type Type => type;

    public string Method => method;

    /// <summary>Whether it never waits by returning: it is called as any plain method.</summary>
    public bool NeverSuspends { get; init; }

    /// <summary>Whether it waits only if what it is given does, as when a delegate is called: it is no reason to name a pin.</summary>
    public bool MayLeadAnywhere { get; init; }
}
