using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Support;

/// <summary>The check that the other tests end with.</summary>
public sealed class LeakCheckTests
{
    private static readonly LeakLimits _soon = LeakLimits.WatchedOnly with { Settle = TimeSpan.FromMilliseconds(50) };

    [Fact]
    public void Verify_WatchedFigureThatGrew_NamesItWithBothValues()
    {
        var carriers = 2L;
        var check = LeakCheck.Start(_soon).Watch("carriers", () => carriers);
        carriers = 5;

        Assert.Contains("carriers 2 → 5", Assert.Throws<LeakException>(check.Verify).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_WatchedFigureThatComesBackLate_Passes()
    {
        var reads = 0;
        using var check = LeakCheck.Start().Watch("timers", () => reads++ is 1 or 2 ? 1 : 0);
    }

    [Fact]
    public void Verify_NamedThreadThatStays_IsFoundWhereThreadsAreListed()
    {
        using var release = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        var check = LeakCheck.Start(_soon with { Threads = 0, ThreadNamePrefix = "leak-check" });
        var thread = new Thread(() =>
        {
            begun.Set();
            release.Wait();
        })
        { Name = "leak-check-test" };
        thread.Start();
        Deadline.Wait(begun, "the thread");

        if (ProcessFigures.Take().ThreadNames.Count > 0)
        {
            Assert.Contains("threads named leak-check* 0 → 1", Assert.Throws<LeakException>(check.Verify).Message, StringComparison.Ordinal);
        }

        release.Set();
        Deadline.Wait(thread, "the thread's end");
    }

    [Fact]
    public void Take_OfThisProcess_ReadsEveryFigure()
    {
        var figures = ProcessFigures.Take();

        Assert.True(figures.Threads > 1);
        Assert.True(figures.HeapBytes > 0);
        Assert.Equal(Directory.Exists("/proc/self/fd"), figures.Descriptors > 0);
    }
}
