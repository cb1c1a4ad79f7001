namespace GreenletBridge;

/// <summary>The empty ExecutionContext, for work that flows none.</summary>
internal static class CleanContext
{
    internal static ExecutionContext Value { get; } = Capture();

    private static ExecutionContext Capture()
    {
        // Only a thread that was started without a context is sure to have none.
        ExecutionContext? clean = null;
        var thread = new Thread(() => clean = ExecutionContext.Capture()) { IsBackground = true };
        thread.UnsafeStart();
        thread.Join();
        return clean!;
    }
}
