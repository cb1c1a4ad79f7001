using System.Diagnostics;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Stress.Soak;

/// <summary>The soak's short form; the long one is a command (docs/testing.md).</summary>
public sealed class SoakTests
{
    [Fact]
    public void Soak_SomeSeconds_EverythingHolds()
    {
        var rows = new List<SoakRow>();

        new SoakRun(seed: 1).Run(TimeSpan.FromSeconds(3), 3, rows.Add);

        Assert.Equal(3, rows.Count);
        Assert.All(rows, static row => Assert.InRange(row.PerSecond, 10, double.MaxValue));
        Assert.InRange(rows[^1].Killed, 1, long.MaxValue);
        Assert.InRange(rows[^1].GivenUp, 1, long.MaxValue);
    }

    [Fact]
    public async Task Threads_TheSystemGivesNoMore_WorkQueuesAndNothingIsLost()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("It needs a limit of threads that a process sets itself, as Linux has it.");
        var start = new ProcessStartInfo("dotnet", [typeof(FewThreads).Assembly.Location, FewThreads.Command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The compiler's own threads would find none, which ends the process.
        start.Environment["DOTNET_TieredCompilation"] = "0";
        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await Deadline.For(child.WaitForExitAsync(TestContext.Current.CancellationToken), "the child", within: TimeSpan.FromMinutes(2));
        }
        finally
        {
            if (!child.HasExited)
                child.Kill();
        }

        Assert.True(child.ExitCode == 0, $"{await output}{await errors}");
        Assert.Contains("60 ended, 0 missing", await output, StringComparison.Ordinal);
        Assert.Contains("OutOfMemoryException", await output, StringComparison.Ordinal);
    }

    [Fact]
    public void Command_WrongArguments_SaysWhichAndHow()
    {
        using var output = new StringWriter();

        Assert.Equal(2, SoakCommand.Run(["--minutes", "many"], output));

        Assert.Contains("--minutes many", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("--seed N", output.ToString(), StringComparison.Ordinal);
    }
}
