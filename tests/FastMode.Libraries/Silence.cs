using System.Reflection;

namespace GreenletBridge.FastMode.Libraries;

/// <summary>An interface to whose methods nothing happens.</summary>
/// <remarks>Open to the type that the runtime makes of it.</remarks>
public class Silence : DispatchProxy
{
    public static object Of(Type type) => Create(type, typeof(Silence));

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => null;
}
