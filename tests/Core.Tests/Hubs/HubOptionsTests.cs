using Xunit;

namespace GreenletBridge.Core.Tests.Hubs;

/// <summary>Settings of a hub: ranges by name, contradictions, and the environment variable.</summary>
[Collection(nameof(ProcessWide))]
public sealed class HubOptionsTests
{
    private const string Variable = "GREENLET_LOOP";

    public static TheoryData<string, string, Action<HubOptions>> Wrong { get; } = new()
    {
        { nameof(HubOptions.MaxBlockingTime), "HubOptions.MaxBlockingTime must be 1 ms to 1 hour", static options => options.MaxBlockingTime = TimeSpan.Zero },
        { nameof(HubOptions.MaxBlockingTime), "HubOptions.MaxBlockingTime must be 1 ms to 1 hour", static options => options.MaxBlockingTime = TimeSpan.FromHours(2) },
        { nameof(HubOptions.KillGrace), "HubOptions.KillGrace must be zero to 1 hour", static options => options.KillGrace = TimeSpan.FromTicks(-1) },
        { nameof(HubOptions.Loop), "HubOptions.Loop must be one of: Threads, Scheduler", static options => options.Loop = (HubLoop)7 },
        { nameof(HubOptions.BlockingPolicy), "HubOptions.BlockingPolicy must be one of: Report, HandOff", static options => options.BlockingPolicy = (BlockingPolicy)7 },
        { nameof(HubOptions.Name), "", static options => options.Name = " " },
        { nameof(HubOptions.TimeProvider), "", static options => options.TimeProvider = null! },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Hub_OptionOutOfRange_IsRefusedByName(string name, string message, Action<HubOptions> set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var options = new HubOptions();
        set(options);

        var error = Assert.ThrowsAny<ArgumentException>(() => new Hub(options));

        Assert.Equal(name, error.ParamName);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => new HubGroup(1, options));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Hub_ExclusiveThatHandsOff_IsAContradiction(bool exclusive, bool strict)
    {
        var error = Assert.Throws<ArgumentException>(() => new Hub(new HubOptions { Exclusive = exclusive, StrictExclusive = strict, BlockingPolicy = BlockingPolicy.HandOff }));

        Assert.Contains("choose one", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hub_PolicyNotGiven_FollowsFromExclusive()
    {
        Assert.Equal(BlockingPolicy.HandOff, new Hub().Snapshot().BlockingPolicy);
        Assert.Equal(BlockingPolicy.Report, new Hub(new HubOptions { Exclusive = true }).Snapshot().BlockingPolicy);
        Assert.True(new Hub(new HubOptions { StrictExclusive = true }).Snapshot().Exclusive);
    }

    [Fact]
    public void Hub_OptionsChangedAfterwards_AreNotSeen()
    {
        var options = new HubOptions { Name = "first" };
        var hub = new Hub(options);
        options.Name = "second";

        Assert.Equal("first", hub.Name);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_025)]
    public void Group_CountOutOfRange_IsRefused(int count) => Assert.Throws<ArgumentOutOfRangeException>(() => new HubGroup(count));

    [Fact]
    public void Group_NamesItsHubs()
    {
        var group = new HubGroup(2, new HubOptions { Name = "requests" });

        Assert.Equal(["requests-0", "requests-1"], group.Hubs.Select(static hub => hub.Name));
    }

    [Theory]
    [InlineData(null, HubLoop.Threads)]
    [InlineData("", HubLoop.Threads)]
    [InlineData("Threads", HubLoop.Threads)]
    [InlineData("Scheduler", HubLoop.Scheduler)]
    [InlineData("scheduler", HubLoop.Scheduler)]
    public void Loop_FromTheEnvironment_IsTakenWhereCodeNamesNone(string? value, HubLoop expected)
    {
        using var variable = new VariableScope(Variable, value);

        Assert.Equal(expected, new Hub().Loop);
        Assert.Equal(HubLoop.Threads, new Hub(new HubOptions { Loop = HubLoop.Threads }).Loop);
        Assert.Equal(HubLoop.Scheduler, new Hub(new HubOptions { Loop = HubLoop.Scheduler }).Loop);
    }

    [Theory]
    [InlineData("asyncio")]
    [InlineData("1")]
    [InlineData("Threads,Scheduler")]
    public void Loop_UnknownValueInTheEnvironment_IsRefusedByNameAndValue(string value)
    {
        using var variable = new VariableScope(Variable, value);

        var error = Assert.Throws<InvalidOperationException>(() => new Hub());

        Assert.Contains($"GREENLET_LOOP is \"{value}\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("Threads, Scheduler", error.Message, StringComparison.Ordinal);
    }

    private sealed class VariableScope : IDisposable
    {
        private readonly string _name;
        private readonly string? _before;

        internal VariableScope(string name, string? value)
        {
            _name = name;
            _before = Environment.GetEnvironmentVariable(name);
            Environment.SetEnvironmentVariable(name, value);
        }

        public void Dispose() => Environment.SetEnvironmentVariable(_name, _before);
    }
}
