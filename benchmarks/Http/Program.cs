using GreenletBridge.Benchmarks.Http;

// The load is made by one thread that epoll wakes and that handles each answer in place: on two cores every thread of
// the client is one less for the server. Read once by the runtime, before the first socket; the server does not inherit it.
foreach (var (name, value) in SampleServer.ClientOnlyVariables)
{
    Environment.SetEnvironmentVariable(name, value);
}

if (args is ["--help" or "-h"])
{
    Console.WriteLine(BenchmarkOptions.Usage);
    return 0;
}

BenchmarkOptions options;
try
{
    options = BenchmarkOptions.Parse(args);
}
catch (ArgumentException error)
{
    Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine(BenchmarkOptions.Usage);
    return 2;
}

var report = new BenchmarkReport(MachineFacts.Read());
foreach (var scenario in Scenario.All.Where(scenario => options.Scenarios.Contains(scenario.Name)))
{
    Console.Error.WriteLine($"{scenario.Name} ...");
    try
    {
        report.Scenarios.Add(scenario.Run(options));
    }
    catch (BenchmarkException error)
    {
        report.Scenarios.Add(ScenarioReport.Failed(scenario.Name, error.Message));
    }
}

var files = report.Write(options.Output);
Console.WriteLine(report.ToMarkdown());
Console.Error.WriteLine($"written: {string.Join(", ", files)}");
return options.Check && !report.IsMet ? 1 : 0;
