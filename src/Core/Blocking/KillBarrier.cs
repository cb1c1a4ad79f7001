using System.Diagnostics;
using System.Reflection;

namespace GreenletBridge;

/// <summary>Code on the stack that a kill would poison for the whole process.</summary>
internal static class KillBarrier
{
    /// <summary>Whether the calling thread is inside a type initializer or a <see cref="Lazy{T}"/> factory; looked at only when a kill has arrived.</summary>
    /// <remarks>An exception there is kept and thrown at every later use of the type or the value.</remarks>
    internal static bool IsOnStack()
    {
        foreach (var frame in new StackTrace(fNeedFileInfo: false).GetFrames())
        {
            var method = frame.GetMethod();
            if (method is ConstructorInfo { IsStatic: true })
                return true;
            if (method?.DeclaringType is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Lazy<>))
                return true;
        }

        return false;
    }
}
