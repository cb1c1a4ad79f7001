namespace GreenletBridge.Core.Conformance.GeventOnAsyncio;

/// <summary>Row: how the loop is chosen. Configuration is tested with the hosting package.</summary>
[Collection(nameof(WholeProcess))]
public sealed class SelectionTests
{
    private const string Variable = "GREENLET_LOOP";

    [Theory, Loops]
    public void Loop_GivenInOptions_BeatsTheVariable(HubLoop loop)
    {
        WithVariable(loop == HubLoop.Threads ? "Scheduler" : "Threads", () =>
        {
            using var hub = new Hub(new HubOptions { Loop = loop });
            Assert.Equal(loop, hub.Loop);
            Assert.Equal(loop, hub.Snapshot().Loop);
        });
    }

    [Theory]
    [InlineData(null, HubLoop.Threads)]
    [InlineData("", HubLoop.Threads)]
    [InlineData("Threads", HubLoop.Threads)]
    [InlineData("Scheduler", HubLoop.Scheduler)]
    [InlineData("scheduler", HubLoop.Scheduler)]
    public void Loop_NotGiven_IsTheVariablesElseThreads(string? value, HubLoop expected)
    {
        WithVariable(value, () =>
        {
            using var hub = new Hub();
            Assert.Equal(expected, hub.Loop);
        });
    }

    [Theory]
    [InlineData("gevent")]
    [InlineData("1")]
    public void Loop_UnknownInTheVariable_IsAClearErrorThatListsTheKnownOnes(string value)
    {
        WithVariable(value, () =>
        {
            var error = AtOnce.Throws<InvalidOperationException>(() => new Hub().Dispose());
            foreach (var part in new[] { Variable, value, "Threads", "Scheduler" })
                Assert.Contains(part, error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Loop_UnknownInOptions_IsAClearErrorThatListsTheKnownOnes()
    {
        var error = AtOnce.Throws<ArgumentOutOfRangeException>(() => new Hub(new HubOptions { Loop = (HubLoop)9 }).Dispose());
        Assert.Contains("Threads, Scheduler", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_OutsideTheirRangeOrContradictory_ThrowAtOnce()
    {
        HubOptions[] wrong =
        [
            new() { Name = " " },
            new() { TimeProvider = null! },
            new() { MaxBlockingTime = TimeSpan.Zero },
            new() { MaxBlockingTime = TimeSpan.FromHours(2) },
            new() { KillGrace = TimeSpan.FromTicks(-1) },
            new() { BlockingPolicy = (BlockingPolicy)9 },
            new() { Exclusive = true, BlockingPolicy = BlockingPolicy.HandOff },
            new() { StrictExclusive = true, BlockingPolicy = BlockingPolicy.HandOff },
            new() { Loop = HubLoop.Threads, Scheduler = TaskScheduler.Default },
        ];
        foreach (var options in wrong)
        {
            Assert.IsAssignableFrom<ArgumentException>(Record.Exception(() => new Hub(options).Dispose()));
            Assert.IsAssignableFrom<ArgumentException>(Record.Exception(() => new HubGroup(2, options).Dispose()));
        }
    }

    private static void WithVariable(string? value, Action code)
    {
        var before = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(Variable, value);
        try
        {
            code();
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, before);
        }
    }
}
