using System.Diagnostics;

namespace GreenletBridge.Hosting;

/// <summary>The span of a greenlet that has not ended.</summary>
internal sealed class GreenletSpan(Activity activity)
{
    private int _waits;

    public Activity Activity => activity;

    public int Waits => Volatile.Read(ref _waits);

    /// <summary>Counts a wait. Several may end at once.</summary>
    public int CountWait() => Interlocked.Increment(ref _waits);
}
