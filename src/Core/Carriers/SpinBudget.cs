namespace GreenletBridge;

/// <summary>A bounded spin that learns how often it pays.</summary>
/// <remarks>
/// Work that arrives within a few microseconds is met without a sleep and a wake-up (two system calls). A spin that finds nothing
/// steals a core from those who would bring the work, so each failure halves the budget and each success doubles it.
/// </remarks>
internal sealed class SpinBudget
{
    private const int Least = 2;
    private const int Most = 256;

    /// <summary>How many looks are allowed now.</summary>
    internal int Budget { get; private set; } = Environment.ProcessorCount > 1 ? 32 : 0;

    /// <summary>The spin found what it looked for.</summary>
    internal void Hit() => Budget = Math.Min(Most, Budget * 2);

    /// <summary>The spin found nothing.</summary>
    internal void Miss() => Budget = Math.Min(Budget, Math.Max(Least, Budget / 2));
}
