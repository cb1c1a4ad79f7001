using System.Globalization;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchmarkOptions
{
    /// <summary>The help text.</summary>
    public static string Usage => $"""
        Measures a running samples/WebApi over loopback and prints Markdown; JSON and Markdown go to artifacts/benchmarks/http.

          --scenarios a,b      of {string.Join(", ", Scenario.All.Select(scenario => scenario.Name))}; all but soak by default
          --rounds N           interleaved rounds per comparison (5)
          --warmup N           rounds before the measured ones (5)
          --sizes N,N          requests of a burst (200,1000)
          --connections N,N    connections of wrk (256,1000)
          --duration S         seconds of one wrk run (5)
          --settle S           seconds without load before the idle measurement (40, longer than carriers stay idle)
          --idle S             seconds of the idle measurement (30)
          --minutes N          minutes of the soak (10)
          --pool-bound S       seconds after which the thread pool's burst is given up (60)
          --env NAME=VALUE     a variable for the server; may be repeated
          --server PATH        WebApi.dll to start instead of this clone's Release build
          --output DIR         where the files go
          --check              exit with 1 if a goal is not met
        """;

    public IReadOnlySet<string> Scenarios { get; init; } = Scenario.All.Where(scenario => !scenario.IsLong).Select(scenario => scenario.Name).ToHashSet();

    public int Rounds { get; init; } = 5;

    public int WarmUp { get; init; } = 5;

    public IReadOnlyList<int> Sizes { get; init; } = [200, 1000];

    public IReadOnlyList<int> Connections { get; init; } = [256, 1000];

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(40);

    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan Soak { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan PoolBound { get; init; } = TimeSpan.FromSeconds(60);

    public IReadOnlyList<KeyValuePair<string, string>> ServerVariables { get; init; } = [];

    public string Server { get; init; } = SampleServer.DefaultAssembly;

    public string Output { get; init; } = Path.Combine(SampleServer.RepositoryRoot, "artifacts", "benchmarks", "http");

    public bool Check { get; init; }

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">An argument is unknown, or its value is missing or out of range.</exception>
    public static BenchmarkOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchmarkOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            if (name == "--check")
            {
                options = options with { Check = true };
                continue;
            }

            var value = ++i < arguments.Count ? arguments[i] : throw new ArgumentException($"{name}: unknown, or its value is missing.");
            options = name switch
            {
                "--scenarios" => options with { Scenarios = Names(value) },
                "--rounds" => options with { Rounds = Number(name, value, 1) },
                "--warmup" => options with { WarmUp = Number(name, value, 0) },
                "--sizes" => options with { Sizes = Numbers(name, value) },
                "--connections" => options with { Connections = Numbers(name, value) },
                "--duration" => options with { Duration = Seconds(name, value) },
                "--settle" => options with { Settle = Seconds(name, value) },
                "--idle" => options with { Idle = Seconds(name, value) },
                "--minutes" => options with { Soak = TimeSpan.FromMinutes(Number(name, value, 1)) },
                "--pool-bound" => options with { PoolBound = Seconds(name, value) },
                "--env" => options with { ServerVariables = [.. options.ServerVariables, Variable(value)] },
                "--server" => options with { Server = Path.GetFullPath(value) },
                "--output" => options with { Output = Path.GetFullPath(value) },
                _ => throw new ArgumentException($"{name}: unknown."),
            };
        }

        return options;
    }

    private static HashSet<string> Names(string value)
    {
        var names = value.Split(',').ToHashSet();
        var unknown = names.FirstOrDefault(name => Scenario.All.All(scenario => scenario.Name != name));
        return unknown is null ? names : throw new ArgumentException($"--scenarios: no scenario is called {unknown}.");
    }

    private static int Number(string name, string value, int least) =>
        int.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= least && number <= 100_000
            ? number
            : throw new ArgumentException($"{name}: a whole number from {least} to 100000, not {value}.");

    private static List<int> Numbers(string name, string value) => [.. value.Split(',').Select(part => Number(name, part, 1))];

    private static TimeSpan Seconds(string name, string value) => TimeSpan.FromSeconds(Number(name, value, 1));

    private static KeyValuePair<string, string> Variable(string value)
    {
        var at = value.IndexOf('=', StringComparison.Ordinal);
        return at > 0 ? new(value[..at], value[(at + 1)..]) : throw new ArgumentException($"--env: NAME=VALUE, not {value}.");
    }
}
