using System.Diagnostics;

namespace GreenletBridge.FastMode;

/// <summary>What fast mode tells while it runs.</summary>
internal static class FastModeEvents
{
    private static long _blocked;

    /// <summary>How often woven code has blocked a thread.</summary>
    internal static long Blocked => Volatile.Read(ref _blocked);

    internal static void NoteBlocked(Greenlet greenlet)
    {
        Interlocked.Increment(ref _blocked);
        if (greenlet.Hub is not { } hub || !hub.Reports(HubEvents.WovenBlocks))
            return;
        var (method, cause) = FindPin();
        hub.Notify((greenlet, method, cause), static (listener, s) => listener.OnWovenBlocked(s.greenlet, s.method, s.cause));
    }

    /// <summary>The innermost woven method on the calling thread's stack, and what it has called.</summary>
    private static (string Method, string Cause) FindPin()
    {
        var cause = "";
        foreach (var frame in new StackTrace(false).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is not { } info)
                continue;
            var end = info.Name.IndexOf(TwinName.Suffix, StringComparison.Ordinal);
            if (end >= 0)
                return ($"{info.DeclaringTypeName}.{info.Name[..end]}", cause);
            if (info.DeclaringAssemblyName.StartsWith("GreenletBridge.FastMode", StringComparison.Ordinal))
                continue;
            cause = $"{info.DeclaringTypeName}.{info.Name}";
        }

        return ("", cause);
    }
}
