using System.Diagnostics;

namespace GreenletBridge;

/// <summary>A thread's own stack as text, from the user's code on.</summary>
internal static class StackText
{
    private const int MostFrames = 40;

    /// <summary>The calling thread's stack; null when there is nothing but the engine on it.</summary>
    internal static string? OfThisThread() => Of(new StackTrace(1, fNeedFileInfo: true));

    internal static string? Of(StackTrace stack)
    {
        var frames = stack.GetFrames();
        var last = frames.Length - 1;
        // The engine is what called the code, and what the code called.
        while (last >= 0 && !IsUsers(frames[last]))
            last--;
        var first = 0;
        while (first <= last && IsEngine(frames[first]))
            first++;
        return first > last ? null : new StackTrace(frames[first..Math.Min(last + 1, first + MostFrames)]).ToString().TrimEnd();
    }

    private static bool IsEngine(StackFrame frame) => frame.GetMethod()?.Module == typeof(StackText).Module;

    private static bool IsUsers(StackFrame frame) =>
        frame.GetMethod() is { } method && method.Module != typeof(StackText).Module && method.Module != typeof(object).Module;
}
