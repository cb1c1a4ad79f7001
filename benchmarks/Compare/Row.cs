namespace GreenletBridge.Benchmarks.Compare;

/// <summary>One comparison: a figure of ours and the same of a peer's, measured in turn.</summary>
/// <param name="Name">What is compared.</param>
/// <param name="Peer">Who the other is.</param>
/// <param name="Goal">The least ratio of ours to the peer's; above 1 ours is better. 0: shown, not held to anything.</param>
/// <param name="Ours">Measures ours.</param>
/// <param name="Theirs">Measures the peer's.</param>
internal sealed record Row(string Name, string Peer, double Goal, Func<Task<double>> Ours, Func<Task<double>> Theirs)
{
    /// <summary>Of what the figures are.</summary>
    public string Unit { get; init; } = "1/s";

    /// <summary>Whether a smaller figure is the better one.</summary>
    public bool LessIsBetter { get; init; }

    /// <summary>Rounds that are not counted, in which the JIT and the pools settle.</summary>
    public int WarmUp { get; init; } = 3;

    /// <summary>How many operations a round of ours does, for the bytes each allocates; 0: not shown.</summary>
    public long Operations { get; init; }

    /// <summary>A row of operations a second. Each side does a fixed number of them and says how many.</summary>
    internal static Row Rate(string name, string peer, double goal, Func<Task<long>> ours, Func<Task<long>> theirs, long operations = 0) =>
        new(name, peer, goal, () => Clock.RateAsync(ours), () => Clock.RateAsync(theirs)) { Operations = operations };

    /// <summary>A row against a figure that is given: a limit, or what a peer reached elsewhere.</summary>
    internal static Row Figure(string name, double figure, string unit, bool lessIsBetter, Func<Task<double>> ours) =>
        new(name, "the limit", 1, ours, () => Task.FromResult(figure)) { Unit = unit, LessIsBetter = lessIsBetter };

    /// <summary>A row against a rate that is given.</summary>
    internal static Row RateFigure(string name, double figure, Func<Task<long>> ours, long operations) =>
        new(name, "the limit", 1, () => Clock.RateAsync(ours), () => Task.FromResult(figure)) { Operations = operations };
}
