using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.FastMode.Tests.Running;

/// <summary>Woven code at the moments where it begins to wait and goes on, and where plain code stands beside it.</summary>
public sealed class WovenMomentsTests : IAsyncDisposable
{
    private const string Source = """
        using System; using System.Threading; using System.Threading.Tasks; using GreenletBridge;
        public static class Moments
        {
            public static readonly TaskCompletionSource<int> Gate = new();
            public static readonly CancellationTokenSource Token = new();
            public static bool Begun;
            public static bool GoOn;
            public static string Mode() { Thread.Yield(); try { throw new InvalidOperationException(); } catch (InvalidOperationException e) { return e.StackTrace.Contains("$woven") ? "woven" : "plain"; } }
            public static void ModeInto(string[] into) { Thread.Sleep(1); into[0] = Mode(); }
            public static string ModeAnd(int n) { Thread.Sleep(1); return Mode() + n; }
            public static int WaitForGate() { Volatile.Write(ref Begun, true); return Gate.Task.Result; }
            public static string StatusAfterAWait() { Thread.Sleep(1); return Greenlet.Current.Status.ToString(); }
            public static string SleepByTheHubsClock() { Greenlet.Sleep(3_600_000); return "slept"; }
            public static string SleepInALimit() { var limit = GreenletTimeout.Start(TimeSpan.FromMilliseconds(20)); try { Thread.Sleep(1_000_000); return "slept"; } catch (GreenletTimeoutException) { return "limited"; } finally { limit.Dispose(); } }
            public static string WaitInTime() => new TaskCompletionSource().Task.Wait(20, Token.Token) ? "ended" : "timed out";
            public static string Look() { var other = Hub.Current.Spawn(() => Gate.Task); try { other.Get(TimeSpan.Zero); return "ended"; } catch (TimeoutException) { return "not yet"; } }
            public static void ComputeThenSleep() { Volatile.Write(ref Begun, true); while (!Volatile.Read(ref GoOn)) Thread.SpinWait(100); Thread.Sleep(1_000_000); }
            public static void WaitForGateInTime() { Gate.Task.Wait(3_600_000, Token.Token); }
        }
        """;

    private static readonly Lazy<byte[]> _file = new(static () => File.ReadAllBytes(CaseAssembly.Make(Source, optimize: true).Path));
    private readonly CarrierPool _pool = new(new CarrierOptions { IdleTimeout = TimeSpan.FromMilliseconds(500) });
    private readonly Type _code;
    private readonly Hub _hub;

    public WovenMomentsTests()
    {
        using var stream = new MemoryStream(_file.Value);
        _code = new AssemblyLoadContext("moments").LoadFromStream(stream).GetType("Moments", throwOnError: true)!;
        _hub = new Hub(new HubOptions { Name = "moments", Carriers = _pool, MaxBlockingTime = TimeSpan.FromHours(1) });
        _hub.Start();
    }

    private TaskCompletionSource<int> Gate => (TaskCompletionSource<int>)Field("Gate").GetValue(null)!;

    private bool HasBegun => (bool)Field("Begun").GetValue(null)!;

    [Fact]
    public async Task SyncToAsync_WithArguments_RunsTheWovenFormWhereThereIsOne()
    {
        var into = new string[1];

        await For(_hub.Bridge.SyncToAsync(Code<Action<string[]>>("ModeInto"))(into));
        Assert.Equal("woven", into[0]);
        Assert.Equal("woven3", await For(_hub.Bridge.SyncToAsync(Code<Func<int, string>>("ModeAnd"))(3)));

        // Woven code is loaded, but this is none
        await For(_hub.Bridge.SyncToAsync(static (string[] one) => { one[0] = "plain"; })(into));
        Assert.Equal("plain", into[0]);
        Assert.Equal(4, await For(_hub.Bridge.SyncToAsync(static (int n) => n + 1)(3)));
    }

    [Fact]
    public async Task InvokeAsync_InAsyncCodeThatHasWaited_WaitsAndGoesOn()
    {
        var method = WovenMethod.Find(Code<Func<int>>("WaitForGate").Method)!;
        var greenlet = _hub.Spawn(async () =>
        {
            await Greenlet.YieldAsync();
            return (int)(await method.InvokeAsync(null, []))!;
        });
        await Until(() => HasBegun && greenlet.Status == GreenletStatus.Waiting, "it waits");
        Assert.Equal(GreenletBodyKind.Woven, BodyOf(greenlet));

        Gate.SetResult(41);

        Assert.Equal(41, await For(_hub.Bridge.AsTask(greenlet)));
    }

    [Fact]
    public async Task Body_OfEachKindOfCode_IsNamed()
    {
        var goOn = new GreenletEvent();
        var blocking = _hub.Spawn(() => { goOn.Wait(); });
        var async = _hub.Spawn(async () => { await goOn.WaitAsync(); });
        var woven = _hub.Spawn(Code<Func<int>>("WaitForGate"));
        await Until(() => _hub.Snapshot().Waiting == 3, "all wait");

        Assert.Equal(
            (GreenletBodyKind.Blocking, GreenletBodyKind.Async, GreenletBodyKind.Woven),
            (BodyOf(blocking), BodyOf(async), BodyOf(woven)));

        goOn.Set();
        Gate.SetResult(1);
        foreach (var greenlet in (Greenlet[])[blocking, async, woven])
            await For(_hub.Bridge.AsTask(greenlet));
    }

    [Fact]
    public async Task Status_AfterAWait_IsRunning() => Assert.Equal("Running", await Run("StatusAfterAWait"));

    [Fact]
    public async Task Sleep_OfTheLibrarysOwn_TakesTheTimeOfTheHubsClock()
    {
        var time = new ManualTimeProvider();
        await using var hub = new Hub(new HubOptions { Name = "clock", Carriers = _pool, TimeProvider = time });
        hub.Start();
        var greenlet = hub.Spawn(Code<Func<string>>("SleepByTheHubsClock"));
        await Until(() => greenlet.Status == GreenletStatus.Waiting, "it sleeps");

        time.Advance(TimeSpan.FromHours(1));

        Assert.Equal("slept", await For(hub.Bridge.AsTask(greenlet)));
    }

    [Fact]
    public async Task Limit_OfTimeThatIsUp_IsThrownOutOfAWait() => Assert.Equal("limited", await Run("SleepInALimit"));

    [Fact]
    public async Task Wait_WithATimeAndAToken_TimesOut() => Assert.Equal("timed out", await Run("WaitInTime"));

    [Fact]
    public async Task Get_OnlyALook_SaysThatItHasNotEnded() => Assert.Equal("not yet", await Run("Look"));

    [Fact]
    public async Task Kill_WhileItComputes_IsThrownOutOfItsNextWait()
    {
        var greenlet = _hub.Spawn(Code<Action>("ComputeThenSleep"));
        await Until(() => HasBegun, "it computes");

        greenlet.Kill();
        Field("GoOn").SetValue(null, true);

        await Until(() => greenlet.IsReady, "it ends");
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Fact]
    public void Wait_WithATimeAndAToken_IsOver_NothingOfItIsKept()
    {
        var waits = BeginWait();
        Deadline.Wait(() => _hub.Snapshot().Waiting == 1, "it waits", Snapshot);

        Gate.SetResult(1);

        Deadline.Wait(
            () =>
            {
                // Code that is not optimized keeps what it ran last in its frames: it is given something else
                _hub.Spawn(static () => { }).Join();
                GC.Collect();
                return !waits.IsAlive;
            },
            "the greenlet to be collected",
            Snapshot);
    }

    public async ValueTask DisposeAsync()
    {
        Field("GoOn").SetValue(null, true);
        Gate.TrySetResult(0);
        await For(_hub.StopAsync(TimeSpan.Zero));
        await Until(() => _pool.Busy == 0, "every carrier is back");
    }

    // Not inlined: the caller's frame must keep nothing of it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference BeginWait() => new(_hub.Spawn(Code<Action>("WaitForGateInTime")));

    private GreenletBodyKind BodyOf(Greenlet greenlet) => _hub.Snapshot().Greenlets.Single(one => one.Id == greenlet.Id).Body;

    private FieldInfo Field(string name) => _code.GetField(name)!;

    private T Code<T>(string name)
        where T : Delegate => _code.GetMethod(name)!.CreateDelegate<T>();

    private Task<string> Run(string name) => For(_hub.Bridge.AsTask(_hub.Spawn(Code<Func<string>>(name))));

    private Task Until(Func<bool> condition, string what) => Deadline.Until(condition, what, Snapshot);

    private Task For(Task task) => Deadline.For(task, "the end", Snapshot);

    private Task<T> For<T>(Task<T> task) => Deadline.For(task, "the end", Snapshot);

    private string Snapshot() => _hub.Snapshot().ToString();
}
