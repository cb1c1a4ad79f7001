using System.Diagnostics;

namespace GreenletBridge.Core.Conformance.Samples;

/// <summary>The seed's README examples in C#, and what they print.</summary>
[Trait("Size", "Large")]
public sealed class ConsoleSampleTests
{
    private const string Expected = """
        # Running asyncio on gevent
        done, on the hub: True
        # Running gevent on asyncio
        done, on a thread of the pool: True
        # Converting greenlets to futures
        42, and awaited directly: 42
        not started: Created
        started: 42
        killed: cancelled
        killed with an exception: my own
        cancelled: cancelled, its greenlet Killed
        # Converting futures to greenlets
        before start: Created
        after: 42
        a running Task: 42
        the token is cancelled
        killed: GreenletExitException
        of a cancelled Task: Killed, or TaskCanceledException
        # Wrapping blocking functions
        42
        42
        # Wrapping async functions
        42
        5
        # Async and blocking sleeps, gathered
        f 1
        g 1
        f 2
        g 2
        # A blocking sleep in async code
        f 1
        g 1
        f 2
        g 2
        """;

    [Fact]
    public Task ConsoleSample_OnEachLoop_PrintsWhatTheReadmeSays() =>
        // At once: what they do is sleep.
        Task.WhenAll(Enum.GetValues<HubLoop>().Select(Run));

    private static async Task Run(HubLoop loop)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "GreenletBridge.Samples.Console.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GREENLET_LOOP"] = loop.ToString();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await Deadline.For(process.WaitForExitAsync(), "the end of the sample", within: TimeSpan.FromMinutes(1));
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        Assert.Equal("", await errors);
        Assert.Equal(Expected.ReplaceLineEndings(), (await output).TrimEnd().ReplaceLineEndings());
        Assert.Equal(0, process.ExitCode);
    }
}
