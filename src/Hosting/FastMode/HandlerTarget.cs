using System.Reflection;

namespace GreenletBridge.Hosting;

/// <summary>Metadata of an endpoint: its handler, with the object that it is called on. Routing itself keeps the method alone.</summary>
internal sealed class HandlerTarget(Delegate handler)
{
    public MethodInfo Method => handler.Method;

    public object? Target => handler.Target;
}
