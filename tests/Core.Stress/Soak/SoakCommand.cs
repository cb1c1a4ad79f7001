using System.Globalization;

namespace GreenletBridge.Core.Stress.Soak;

/// <summary>The soak from a console.</summary>
internal static class SoakCommand
{
    private const string Usage = """
        Eight threads use every primitive of three hubs at random, with kills, cancellations and timeouts; what must hold is checked throughout.

          --minutes N    how long (10); a fraction such as 0.5 may be given
          --rows N       rows of the table: so often everything is brought to rest and looked at (20)
          --seed N       what the threads choose (random, printed); real threads never run alike twice
        """;

    public static int Run(IReadOnlyList<string> arguments, TextWriter output)
    {
        var (minutes, rows, seed) = (10.0, 20, Random.Shared.Next());
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : "";
            var isKnown = arguments[i] switch
            {
                "--minutes" => double.TryParse(value, CultureInfo.InvariantCulture, out minutes) && minutes is > 0 and < 100_000,
                "--rows" => int.TryParse(value, CultureInfo.InvariantCulture, out rows) && rows is >= 1 and <= 10_000,
                "--seed" => int.TryParse(value, CultureInfo.InvariantCulture, out seed),
                _ => false,
            };
            if (isKnown)
                continue;
            output.WriteLine($"{arguments[i]} {value}: unknown, or out of range.");
            output.WriteLine(Usage);
            return 2;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{minutes:0.##} minutes, {SoakRun.Producers} producers, {Environment.ProcessorCount} processors, seed {seed}"));
        output.WriteLine(SoakRow.Head);
        try
        {
            new SoakRun(seed).Run(TimeSpan.FromMinutes(minutes), rows, row => output.WriteLine(row));
        }
        catch (Exception error)
        {
            output.WriteLine($"FAILED (seed {seed}): {error}");
            return 1;
        }

        output.WriteLine("Everything held.");
        return 0;
    }
}
