using System.Globalization;
using System.Text.Json;
using GreenletBridge;
using GreenletBridge.Benchmarks.Compare;

// dotnet run -c Release --project benchmarks/Compare [-- --rounds N]: each row and its peer in turn, in one process.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var rounds = args is ["--rounds", var text] && int.TryParse(text, out var given) && given >= 1 ? given : 5;
if (args.Length != 0 && args is not ["--rounds", _])
{
    Console.Error.WriteLine("usage: [--rounds N]   N at least 1, default 5");
    return 2;
}

using var hub = new Hub(new HubOptions { Name = "compare" });
hub.Start();
var results = new List<RowResult>();
Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {rounds} rounds, median; ratio over 1 = ours is better");
Console.WriteLine();
Console.WriteLine("| row | ours /s | peer | peer /s | ratio | spread | goal | met |");
Console.WriteLine("|---|---|---|---|---|---|---|---|");
foreach (var row in CoreRows.All(hub))
{
    var result = await Rounds.MeasureAsync(row, rounds);
    results.Add(result);
    Console.WriteLine($"| {result.Row} | {result.Ours:N0} | {result.Peer} | {result.PeerValue:N0} | {result.Ratio:F2} | ±{result.Spread:F2} | {result.Goal:F2} | {(result.Met ? "yes" : "no")} |");
}

Directory.CreateDirectory("artifacts");
await File.WriteAllTextAsync(Path.Combine("artifacts", "compare.json"), JsonSerializer.Serialize(results, new JsonSerializerOptions { WriteIndented = true }));
return 0;
