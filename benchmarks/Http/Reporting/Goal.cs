namespace GreenletBridge.Benchmarks.Http;

/// <summary>A figure to reach, and whether this run reached it.</summary>
/// <param name="What">What is measured.</param>
/// <param name="Limit">The figure to reach.</param>
/// <param name="AtLeast">True if more is better.</param>
/// <param name="Measured">The run's median, or its one figure.</param>
/// <param name="Spread">The run's own spread, by which the limit is relaxed; 0 for figures that have none.</param>
internal sealed record Goal(string What, double Limit, bool AtLeast, double Measured, double Spread)
{
    public bool IsMet => AtLeast ? Measured >= Limit - Spread : Measured <= Limit + Spread;

    public string ToMarkdown() =>
        $"| {What} | {(AtLeast ? "≥" : "≤")} {Figures.Text(Limit, "0.##")} | {Figures.Text(Measured, "0.###")} ±{Figures.Text(Spread, "0.###")} | {(IsMet ? "yes" : "**no**")} |";
}
