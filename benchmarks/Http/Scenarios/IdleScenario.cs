namespace GreenletBridge.Benchmarks.Http;

/// <summary>What the server's threads do while nobody asks anything.</summary>
internal sealed class IdleScenario : Scenario
{
    // The kernel keeps 15 characters of a thread's name.
    private const string HubThreads = "greenlet";
    private const double CpuLimit = 10;

    public override string Name => "idle";

    public override ScenarioReport Run(BenchmarkOptions options)
    {
        var report = new ScenarioReport(
            Name,
            $"Idle: {options.Idle.TotalSeconds:0} s without load, {options.Settle.TotalSeconds:0} s after the last",
            ["threads named", "number", "voluntary switches", "CPU, ms"]);
        using var server = SampleServer.Start(options);
        using (var client = new BurstClient(server, 50))
        {
            client.Run(BurstScenario.Greenlets, Bound);
            client.Run(BurstScenario.Async, Bound);
        }

        Thread.Sleep(options.Settle);
        var before = ThreadFigures.Read(server.ProcessId);
        Thread.Sleep(options.Idle);
        var after = ThreadFigures.Read(server.ProcessId);

        var used = after.Select(thread => Since(thread.Value, before.GetValueOrDefault(thread.Key))).ToList();
        foreach (var group in used.GroupBy(thread => thread.Name).OrderByDescending(group => group.Sum(thread => thread.VoluntarySwitches)))
        {
            report.Rows.Add(Row(group.Key, [.. group]));
        }

        var hubs = used.Where(thread => thread.Name.StartsWith(HubThreads, StringComparison.Ordinal)).ToList();
        report.Rows.Add(Row($"**{HubThreads}\\***", hubs));
        report.Rows.Add(Row("**all**", used));
        report.Rounds["threads"] = used;
        report.Goals.Add(new Goal("hub threads: found at all", 1, AtLeast: true, hubs.Count, 0));
        report.Goals.Add(new Goal("hub threads: voluntary context switches", 0, AtLeast: false, hubs.Sum(thread => thread.VoluntarySwitches), 0));
        report.Goals.Add(new Goal("hub threads: processor time, ms", CpuLimit, AtLeast: false, hubs.Sum(thread => thread.Cpu.TotalMilliseconds), 0));
        var ended = before.Count(thread => !after.ContainsKey(thread.Key));
        report.Notes.Add($"{hubs.Count} hub threads at the end; threads of any name that ended meanwhile: {ended}.");
        return report;
    }

    private static ThreadFigures Since(ThreadFigures now, ThreadFigures? before) => before is null
        ? now
        : now with { VoluntarySwitches = now.VoluntarySwitches - before.VoluntarySwitches, Cpu = now.Cpu - before.Cpu };

    private static string[] Row(string name, List<ThreadFigures> threads) =>
    [
        name,
        Figures.Text(threads.Count, "0"),
        Figures.Text(threads.Sum(thread => thread.VoluntarySwitches), "0"),
        Figures.Text(threads.Sum(thread => thread.Cpu.TotalMilliseconds), "0.00"),
    ];
}
