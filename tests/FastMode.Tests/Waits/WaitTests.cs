using System.Collections.Concurrent;
using System.Reflection;
using GreenletBridge.FastMode.Tests.Running;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.FastMode.Tests.Waits;

/// <summary>Every wait that woven code makes in another form: it gives what the plain call gives, takes no thread, and a kill leaves things whole.</summary>
[Collection(nameof(WholeProcess))]
public sealed class WaitTests : IAsyncDisposable
{
    private static readonly Lazy<CaseAssembly> _assembly = new(static () => CaseAssembly.Make(CaseAssembly.SourceOf("Waits.cs"), optimize: true));
    private readonly CarrierPool _pool = new(new CarrierOptions { IdleTimeout = TimeSpan.FromMinutes(10) });
    private readonly Blocks _blocks = new();
    private readonly Hub _hub;

    public WaitTests()
    {
        _hub = new Hub(new HubOptions { Name = "waits", Carriers = _pool, Listener = _blocks });
        _hub.Start();
    }

    public static TheoryData<string> Cases() => [.. CaseAssembly.CasesOf(_assembly.Value.Plain)];

    public static TheoryData<string> Endless() =>
        [.. _assembly.Value.Plain.GetType("Endless")!.GetMethods(BindingFlags.Public | BindingFlags.Static).Where(static m => m.ReturnType == typeof(void)).Select(static m => m.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Wait_PlainAndWoven_GivesTheSameAndTakesNoThread(string name)
    {
        var plain = await Run(_assembly.Value.Plain, name);
        var blocked = long.MaxValue;
        // A lock of the runtime's that just then somebody has counts, too: three times in a row none has
        for (var i = 0; i < 3 && blocked > 0; i++)
        {
            var before = FastModeEvents.Blocked;
            Assert.Equal(plain, await Run(_assembly.Value.Woven, name));
            blocked = FastModeEvents.Blocked - before;
        }

        TestContext.Current.SendDiagnosticMessage($"{name}: {plain}");
        Assert.True(blocked == 0, string.Join('\n', _blocks.All));
    }

    [Theory]
    [MemberData(nameof(Endless))]
    public async Task Kill_InAWait_EndsItAndLeavesThingsWhole(string name)
    {
        var blocked = FastModeEvents.Blocked;
        var code = _assembly.Value.Woven.GetType("Endless")!;
        var greenlet = _hub.Spawn(code.GetMethod(name)!.CreateDelegate<Action>());
        // What blocks a thread unseen would go on running; to yield is not what it waits for
        await Until(() => _hub.Snapshot().Greenlets.Any(g => g.Id == greenlet.Id && g is { Status: GreenletStatus.Waiting, WaitingFor: not "its turn", Body: GreenletBodyKind.Woven }), "it waits");

        greenlet.Kill();

        await Until(() => greenlet.IsReady, "it ends");
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.Equal(blocked, FastModeEvents.Blocked);
        Assert.Equal("whole", await Run(_assembly.Value.Woven, $"Endless.{name}After"));
    }

    public async ValueTask DisposeAsync()
    {
        await Deadline.For(_hub.StopAsync(TimeSpan.Zero), "the hub stops", Snapshot);
        await Until(() => _pool.Busy == 0, "every carrier is back");
    }

    private Task<string> Run(Assembly assembly, string name) => Deadline.For(_hub.Bridge.AsTask(_hub.Spawn(CaseAssembly.CaseOf(assembly, name))), $"the end of {name}", Snapshot);

    private Task Until(Func<bool> condition, string what) => Deadline.Until(condition, what, Snapshot);

    private string Snapshot() => _hub.Snapshot().ToString();

    private sealed class Blocks : HubListener
    {
        public ConcurrentQueue<string> All { get; } = new();

        public override HubEvents Wanted => HubEvents.WovenBlocks;

        public override void OnWovenBlocked(Greenlet greenlet, string method, string cause) => All.Enqueue($"{method} in {cause}");
    }
}
