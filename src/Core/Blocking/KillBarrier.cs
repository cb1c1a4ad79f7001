using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace GreenletBridge;

/// <summary>Code on the stack that a kill must not simply be thrown through.</summary>
internal static class KillBarrier
{
    /// <summary>Looks at the calling thread's stack; only when a kill has arrived.</summary>
    /// <remarks>
    /// An exception out of a type initializer or a <see cref="Lazy{T}"/> factory is kept and thrown at every later use of the type
    /// or the value. A <see cref="BlockingCollection{T}"/> takes a cancellation that is not its caller's for the end of the
    /// collection: a consumer's loop would end as if all was done. And <see cref="Monitor.Wait(object)"/> returns with its lock whatever
    /// comes: while it takes the lock again the runtime drops every exception, an interrupt's too.
    /// </remarks>
    /// <param name="isForLock">Whether the wait is one for a lock or a handle, and not one for the pulse of a <see cref="Monitor.Wait(object)"/>.</param>
    internal static KillPassage OfThisStack(bool isForLock = false)
    {
        var passage = KillPassage.Free;
        var isInnermost = true;
        var waitsForLock = false;
        foreach (var frame in new StackTrace(fNeedFileInfo: false).GetFrames())
        {
            var method = frame.GetMethod();
            if (method is ConstructorInfo { IsStatic: true })
                return KillPassage.Deferred;
            var type = method?.DeclaringType;
            // Where the method itself is inlined, its call into the runtime, named after it, is not.
            if (isForLock && isInnermost && type == typeof(Monitor) && method!.Name.Contains(nameof(Monitor.Wait), StringComparison.Ordinal))
                return KillPassage.Deferred;
            if (IsOf(type, typeof(BlockingCollection<>)))
                passage = KillPassage.AsInterrupt;
            // Who waits for the lock of a Lazy runs no factory yet, and its exception is not kept.
            if (IsOf(type, typeof(Lazy<>)) && !waitsForLock)
                return KillPassage.Deferred;
            waitsForLock = (isInnermost || waitsForLock) && (type == typeof(Monitor) || IsOf(type, typeof(Lazy<>)));
            isInnermost = isInnermost && (type is null || type.Assembly == typeof(KillBarrier).Assembly || type == typeof(SynchronizationContext));
        }

        return passage;
    }

    private static bool IsOf(Type? type, Type definition) => type is { IsGenericType: true } && type.GetGenericTypeDefinition() == definition;
}
