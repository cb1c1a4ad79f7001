using System.Diagnostics;
using System.Text.Json;
using GreenletBridge.FastMode.Tests;

namespace GreenletBridge.FastMode.Libraries;

/// <summary>One run of a library's tests, in a process of its own: what tests leave in static fields stays there.</summary>
internal static class TestProcess
{
    /// <summary>What names such a process among the arguments of this program.</summary>
    public const string Verb = "--one-run";

    /// <summary>Starts one and waits until it has ended.</summary>
    /// <param name="tests">The tests' assembly.</param>
    /// <param name="inGreenlets">Whether the tests run in greenlets; else as they are.</param>
    /// <returns>What came of each test.</returns>
    public static async Task<TestReport> StartAsync(string tests, bool inGreenlets)
    {
        var report = Path.GetTempFileName();
        try
        {
            using var process = Process.Start(Environment.ProcessPath!, [.. Command(), Verb, tests, inGreenlets.ToString(), report]);
            await process.WaitForExitAsync();
            return process.ExitCode == 0
                ? JsonSerializer.Deserialize<TestReport>(await File.ReadAllTextAsync(report))!
                : throw new InvalidOperationException($"the run of {tests} {(inGreenlets ? "in greenlets" : "as it is")} ended with {process.ExitCode}; LIBRARIES_TRACE=1 names its last test");
        }
        finally
        {
            File.Delete(report);
        }
    }

    /// <summary>The run itself.</summary>
    /// <param name="tests">The tests' assembly.</param>
    /// <param name="inGreenlets">Whether the tests run in greenlets.</param>
    /// <param name="report">Where the report goes.</param>
    /// <returns>A task that ends with the run.</returns>
    public static async Task RunAsync(string tests, bool inGreenlets, string report)
    {
        // Tests read files beside their assembly
        var folder = Path.GetDirectoryName(tests)!;
        AppContext.SetData("APP_CONTEXT_BASE_DIRECTORY", folder + Path.DirectorySeparatorChar);
        Environment.CurrentDirectory = folder;
        var left = new List<string>();
        var found = OwnTests.Of(new CopyContext(tests).LoadFromAssemblyPath(tests), left);
        await using var hub = new Hub(new HubOptions { Name = "tests" });
        hub.Start();
        var results = await Runs.AllAsync(found, inGreenlets ? hub.Bridge : null);
        var woven = found.Where(static t => WovenMethod.Find(t.Method) is not null).Select(static t => t.Name).ToList();
        await File.WriteAllTextAsync(report, JsonSerializer.Serialize(new TestReport(results, left, woven, StressPoint.TakeWaited())));
    }

    // Its own file where the program is one, else the host and the assembly
    private static string[] Command() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
}
