namespace GreenletBridge.Benchmarks.Http;

/// <summary>Something to measure on a server of its own.</summary>
internal abstract class Scenario
{
    /// <summary>How long any one burst may take that is not expected to starve.</summary>
    protected static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    /// <summary>All scenarios, in the order in which they run.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new BurstScenario(), new ThreadPoolScenario(), new ResponsivenessScenario(), new UnseenScenario(), new SteadyLoadScenario(), new OrdersScenario(), new LockScenario(), new IdleScenario(),
        new OverheadScenario(), new PageScenario(), new ListenersScenario(), new WovenScenario(), new SoakScenario(),
    ];

    /// <summary>Its name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it runs only if it is asked for by name.</summary>
    public virtual bool IsLong => false;

    /// <summary>Measures.</summary>
    /// <exception cref="BenchmarkException">It could not be measured.</exception>
    public abstract ScenarioReport Run(BenchmarkOptions options);

    /// <summary>Calls both in turn, round by round, and swaps who is first: what drifts during the run hits both alike.</summary>
    protected static void Interleave(int rounds, Action first, Action second)
    {
        for (var round = 0; round < rounds; round++)
        {
            (round % 2 == 0 ? first : second)();
            (round % 2 == 0 ? second : first)();
        }
    }

    /// <summary>The share of all processors that so much processor time is, over so much time.</summary>
    protected static string Share(double cpuMilliseconds, double milliseconds) =>
        Figures.Text(cpuMilliseconds / (milliseconds * Environment.ProcessorCount), "0 %");
}
