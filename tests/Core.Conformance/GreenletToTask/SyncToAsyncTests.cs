using System.Reflection;

namespace GreenletBridge.Core.Conformance.GreenletToTask;

/// <summary>Row: the result of SyncToAsync.</summary>
public sealed class SyncToAsyncTests
{
    [Theory, Loops]
    public async Task SyncToAsync_EachCall_IsAFreshGreenletOnACarrier(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var call = lane.Bridge.SyncToAsync(() =>
        {
            Assert.False(Thread.CurrentThread.IsThreadPoolThread);
            Assert.Same(lane.Hub, Hub.Current);
            return Greenlet.Current!.Id;
        });

        var ids = await lane.For(Task.WhenAll(Enumerable.Range(0, 10).Select(_ => call())), "all calls");

        Assert.Equal(10, ids.Distinct().Count());
    }

    [Theory, Loops]
    public async Task SyncToAsync_WithNoneToFourArguments_PassesArgumentsAndValues(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var bridge = lane.Bridge;
        var seen = "";

        await bridge.SyncToAsync(() => { seen += "0"; })();
        await bridge.SyncToAsync((int a) => { seen += $" {a}"; })(1);
        await bridge.SyncToAsync((int a, string b) => { seen += $" {a}{b}"; })(1, "b");
        await bridge.SyncToAsync((int a, string b, char c) => { seen += $" {a}{b}{c}"; })(1, "b", 'c');
        await bridge.SyncToAsync((int a, string b, char c, long d) => { seen += $" {a}{b}{c}{d}"; })(1, "b", 'c', 4L);

        Assert.Equal("0 1 1b 1bc 1bc4", seen);
        Assert.Equal("0", await bridge.SyncToAsync(() => "0")());
        Assert.Equal("1", await bridge.SyncToAsync((int a) => $"{a}")(1));
        Assert.Equal("1b", await bridge.SyncToAsync((int a, string b) => $"{a}{b}")(1, "b"));
        Assert.Equal("1bc", await bridge.SyncToAsync((int a, string b, char c) => $"{a}{b}{c}")(1, "b", 'c'));
        Assert.Equal("1bc4", await bridge.SyncToAsync((int a, string b, char c, long d) => $"{a}{b}{c}{d}")(1, "b", 'c', 4L));
    }

    [Theory, Loops]
    public async Task SyncToAsync_WithATrailingToken_PassesItAndIsKilledByIt(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var bridge = lane.Bridge;
        using var source = new CancellationTokenSource();
        var token = source.Token;
        var seen = "";

        await bridge.SyncToAsync(t => { seen += t == token; })(token);
        await bridge.SyncToAsync((int a, CancellationToken t) => { seen += $" {a}{t == token}"; })(1, token);
        await bridge.SyncToAsync((int a, int b, CancellationToken t) => { seen += $" {a}{b}{t == token}"; })(1, 2, token);
        await bridge.SyncToAsync((int a, int b, int c, CancellationToken t) => { seen += $" {a}{b}{c}{t == token}"; })(1, 2, 3, token);
        await bridge.SyncToAsync((int a, int b, int c, int d, CancellationToken t) => { seen += $" {a}{b}{c}{d}{t == token}"; })(1, 2, 3, 4, token);

        Assert.Equal("True 1True 12True 123True 1234True", seen);
        Assert.True(await bridge.SyncToAsync(t => t == token)(token));
        Assert.Equal("1True", await bridge.SyncToAsync((int a, CancellationToken t) => $"{a}{t == token}")(1, token));
        Assert.Equal("12True", await bridge.SyncToAsync((int a, int b, CancellationToken t) => $"{a}{b}{t == token}")(1, 2, token));
        Assert.Equal("123True", await bridge.SyncToAsync((int a, int b, int c, CancellationToken t) => $"{a}{b}{c}{t == token}")(1, 2, 3, token));
        Assert.Equal("1234True", await bridge.SyncToAsync((int a, int b, int c, int d, CancellationToken t) => $"{a}{b}{c}{d}{t == token}")(1, 2, 3, 4, token));

        Task[] waiting =
        [
            bridge.SyncToAsync((CancellationToken _) => Greenlet.Sleep(-1))(token),
            bridge.SyncToAsync((int _, CancellationToken _) => Greenlet.Sleep(-1))(1, token),
            bridge.SyncToAsync((int _, int _, CancellationToken _) => Greenlet.Sleep(-1))(1, 2, token),
            bridge.SyncToAsync((int _, int _, int _, CancellationToken _) => Greenlet.Sleep(-1))(1, 2, 3, token),
            bridge.SyncToAsync((int _, int _, int _, int _, CancellationToken _) => Greenlet.Sleep(-1))(1, 2, 3, 4, token),
            bridge.SyncToAsync(Forever)(token),
            bridge.SyncToAsync((int _, CancellationToken t) => Forever(t))(1, token),
            bridge.SyncToAsync((int _, int _, CancellationToken t) => Forever(t))(1, 2, token),
            bridge.SyncToAsync((int _, int _, int _, CancellationToken t) => Forever(t))(1, 2, 3, token),
            bridge.SyncToAsync((int _, int _, int _, int _, CancellationToken t) => Forever(t))(1, 2, 3, 4, token),
        ];
        await lane.Until(() => lane.Hub.Snapshot().Waiting == waiting.Length, "all wait");
        await source.CancelAsync();
        foreach (var task in waiting)
        {
            await lane.End(task);
            Assert.True(task.IsCanceled);
        }

        static int Forever(CancellationToken token)
        {
            Greenlet.Sleep(-1);
            return 0;
        }
    }

    [Theory, Loops]
    public async Task SyncToAsync_OfCodeThatThrows_FaultsWithTheException(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var error = new InvalidTimeZoneException();
        var task = lane.Bridge.SyncToAsync((Action)(() => throw error))();

        Assert.Same(error, await Assert.ThrowsAsync<InvalidTimeZoneException>(() => lane.For(task, "the error")));
    }

    [Theory, Loops]
    public async Task RunAsync_OfEachKindOfBody_GivesItsValue(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var ran = 0;

        await lane.For(lane.Bridge.RunAsync(() => { ran++; }), "a blocking action");
        await lane.For(lane.Bridge.RunAsync(async () =>
        {
            await Greenlet.YieldAsync();
            ran++;
        }), "an async action");

        Assert.Equal(2, ran);
        Assert.Equal(1, await lane.For(lane.Bridge.RunAsync(() => 1), "a blocking function"));
        Assert.Equal(2, await lane.For(lane.Bridge.RunAsync(() => Task.FromResult(2)), "an async function"));
    }

    [Theory, Loops]
    public async Task RunAsync_OnAGreenlet_UsesItsHubAndNotTheBridges(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        await using var other = new HubUnderTest(loop);
        var hub = lane.Hub.Spawn(async () => await other.Bridge.RunAsync(() => Hub.Current));

        Assert.Same(lane.Hub, await lane.For(lane.Bridge.AsTask(hub), "the hub"));
        Assert.Same(other.Hub, await lane.For(other.Bridge.RunAsync(() => Hub.Current), "the bridge's hub"));
    }

    [Fact]
    public void SyncToAsync_OfAnAsyncLambda_IsACompileTimeError()
    {
        var forms = typeof(SyncToAsyncExtensions).GetMethods()
            .Where(method => method.Name == nameof(SyncToAsyncExtensions.SyncToAsync))
            .Where(method => IsTask(method.GetParameters()[1].ParameterType.GetGenericArguments().LastOrDefault()))
            .ToList();

        Assert.Equal(2, forms.Count);
        Assert.All(forms, form => Assert.True(form.GetCustomAttribute<ObsoleteAttribute>()!.IsError));

        static bool IsTask(Type? type) => type is not null && typeof(Task).IsAssignableFrom(type);
    }
}
