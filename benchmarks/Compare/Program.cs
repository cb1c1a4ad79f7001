using System.Globalization;
using System.Text.Json;
using GreenletBridge;
using GreenletBridge.Benchmarks.Compare;

// dotnet run -c Release --project benchmarks/Compare [-- --rounds N] [--rows TEXT]: each row and its peer in turn.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var rounds = 5;
string? filter = null;
for (var i = 0; i < args.Length; i += 2)
{
    if (args[i] == "--rounds" && i + 1 < args.Length && int.TryParse(args[i + 1], out var given) && given >= 1)
        rounds = given;
    else if (args[i] == "--rows" && i + 1 < args.Length)
        filter = args[i + 1];
    else
        return Usage();
}

static int Usage()
{
    Console.Error.WriteLine("usage: [--rounds N] [--rows TEXT]   N at least 1, default 5; only rows whose name contains TEXT");
    return 2;
}

using var hub = new Hub(new HubOptions { Name = "compare" });
hub.Start();
var results = new List<RowResult>();
Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {rounds} rounds, median; ratio over 1 = ours is better");
Console.WriteLine();
Console.WriteLine("| row | ours /s | peer | peer /s | ratio | spread | goal | met |");
Console.WriteLine("|---|---|---|---|---|---|---|---|");
using var gevent = GeventPeer.TryStart();
var rows = CoreRows.All(hub).Concat(gevent is null ? [] : SynchronizationRows.All(hub, gevent).Concat(PoolRows.All(hub, gevent)));
foreach (var row in rows.Where(row => filter is null || row.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
{
    var result = await Rounds.MeasureAsync(row, rounds);
    results.Add(result);
    Console.WriteLine($"| {result.Row} | {result.Ours:N0} | {result.Peer} | {result.PeerValue:N0} | {result.Ratio:F2} | ±{result.Spread:F2} | {result.Goal:F2} | {(result.Met ? "yes" : "no")} |");
}

Console.WriteLine();
Console.WriteLine("| row | ours allocates, bytes an operation |");
Console.WriteLine("|---|---|");
foreach (var result in results)
    Console.WriteLine($"| {result.Row} | {result.OursBytes:N0} |");
Console.WriteLine();
Console.WriteLine(gevent is null ? "gevent's rows are left out: apt-get install python3-gevent" : gevent.Version);
Directory.CreateDirectory("artifacts");
await File.WriteAllTextAsync(Path.Combine("artifacts", "compare.json"), JsonSerializer.Serialize(results, new JsonSerializerOptions { WriteIndented = true }));
return 0;
