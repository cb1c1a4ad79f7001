using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using GreenletBridge;
using GreenletBridge.Benchmarks.Compare;

// dotnet run -c Release --project benchmarks/Compare [-- --rounds N] [--rows TEXT] [--http]: each row and its peer in turn.
// Not CurrentCulture: that is an AsyncLocal with a callback, and each change of context, ours or a peer's, would pay for it.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
if (args is ["--park", var side])
{
    CarrierRows.RunChild(side);
    return 0;
}

var rounds = 5;
string? filter = null;
var http = args.Contains("--http");
args = [.. args.Where(static argument => argument != "--http")];
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
    Console.Error.WriteLine("usage: [--rounds N] [--rows TEXT] [--http]   N at least 1, default 5; only rows whose name contains TEXT; with the rows of benchmarks/Http, which take some 20 minutes");
    return 2;
}

using var hub = new Hub(new HubOptions { Name = "compare" });
hub.Start();
var results = new List<RowResult>();
Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {rounds} rounds, median; ratio over 1 = ours is better");
Console.WriteLine();
Console.WriteLine("| row | ours | peer | peer's | unit | ratio | spread | goal | met |");
Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
using var gevent = GeventPeer.TryStart();
foreach (var row in AllRows.Of(hub, gevent).Where(row => filter is null || row.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
    Add(await Rounds.MeasureAsync(row, rounds));
if (http)
{
    foreach (var result in HttpRows.Measure(rounds))
        Add(result);
}

Console.WriteLine();
Console.WriteLine("| row | ours allocates, bytes an operation |");
Console.WriteLine("|---|---|");
foreach (var result in results.Where(static result => !double.IsNaN(result.OursBytes)))
    Console.WriteLine($"| {result.Row} | {result.OursBytes:N0} |");
Console.WriteLine();
Console.WriteLine(gevent is null ? "gevent's rows are left out: apt-get install python3-gevent" : gevent.Version);
Directory.CreateDirectory("artifacts");
await File.WriteAllTextAsync(Path.Combine("artifacts", "compare.json"), JsonSerializer.Serialize(results, new JsonSerializerOptions { WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals }));
return 0;

void Add(RowResult result)
{
    results.Add(result);
    Console.WriteLine($"| {result.Row} | {Text(result.Ours)} | {result.Peer} | {Text(result.PeerValue)} | {result.Unit} | {result.Ratio:F2} | ±{result.Spread:F2} | {(result.Goal > 0 ? $"{result.Goal:F2}" : "–")} | {(result.Goal <= 0 ? "–" : result.Met ? "yes" : "no")} |");
}

static string Text(double value) => value >= 1_000 ? $"{value:N0}" : $"{value:G4}";
