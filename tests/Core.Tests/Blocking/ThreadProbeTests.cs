using System.Globalization;
using Xunit;

namespace GreenletBridge.Core.Tests.Blocking;

/// <summary>What the operating system says of a thread, and what is made of an answer that is none.</summary>
public sealed class ThreadProbeTests : IDisposable
{
    private readonly string _tasks = Directory.CreateTempSubdirectory("tasks").FullName;

    public void Dispose() => Directory.Delete(_tasks, recursive: true);

    [Theory]
    [InlineData("12 (a name) R 1 2 3", true)]
    [InlineData("12 (a) name) (S) D 1", true)]
    [InlineData("", false)]
    [InlineData("12 R 1 2 3", false)]
    [InlineData("12 (a name)", false)]
    [InlineData("12 (a name) ", false)]
    [InlineData(null, false)]
    public void SeesKernel_ByWhatItReads(string? stat, bool expected)
    {
        if (stat is not null)
            Write(stat);

        Assert.Equal(expected && OsThread.CurrentId != 0, new ThreadProbe(_tasks).SeesKernel);
    }

    [Theory]
    [InlineData("12 (a name) S 1", true)]
    [InlineData("12 (a name) D 1", true)]
    [InlineData("12 (a name) R 1", false)]
    [InlineData("12 (a name", false)]
    public void IsBlocked_OfAThreadThatRunsForTheRuntime_IsTheKernelsWord(string stat, bool expected)
    {
        Write("1 (this) R 1");
        var probe = new ThreadProbe(_tasks);
        Assert.SkipUnless(probe.SeesKernel, "The system does not number threads.");
        var runner = Runner.ForThisThread();
        Write(stat);

        Assert.Equal(expected, probe.IsBlocked(runner));
    }

    /// <summary>What is said of the calling thread.</summary>
    private void Write(string stat)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_tasks, OsThread.CurrentId.ToString(CultureInfo.InvariantCulture))).FullName;
        File.WriteAllText(Path.Combine(folder, "stat"), stat);
    }
}
