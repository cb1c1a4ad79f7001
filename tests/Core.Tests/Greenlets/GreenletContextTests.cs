using System.Diagnostics;
using System.Globalization;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>What flows into a greenlet, what is current in it, and that nothing leaks to the next on the same carrier.</summary>
public sealed class GreenletContextTests : HubTests
{
    private static readonly AsyncLocal<string?> _local = new();

    [Theory]
    [MemberData(nameof(Loops))]
    public void Spawn_ExecutionContext_FlowsInAndSurvivesWaits(HubLoop loop)
    {
        var hub = StartHub(loop);
        var culture = CultureInfo.GetCultureInfo("de-AT");
        var before = CultureInfo.CurrentCulture;
        using var activity = new Activity("test").Start();
        _local.Value = "spawner";
        CultureInfo.CurrentCulture = culture;
        Greenlet<(string?, string, string?)[]> blocking;
        Greenlet<(string?, string, string?)[]> asynchronous;
        try
        {
            blocking = hub.Spawn(static () =>
            {
                var first = Seen();
                Greenlet.Yield();
                Task.Run(static () => { }).Wait();
                return new[] { first, Seen() };
            });
            asynchronous = hub.Spawn(static async () =>
            {
                var first = Seen();
                await Greenlet.SleepAsync(TimeSpan.FromMilliseconds(1));
                return new[] { first, Seen() };
            });
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
            _local.Value = null;
        }

        Assert.All(Gives(blocking), seen => Assert.Equal(("spawner", "de-AT", activity.Id), seen));
        Assert.All(Gives(asynchronous), seen => Assert.Equal(("spawner", "de-AT", activity.Id), seen));

        static (string?, string, string?) Seen() => (_local.Value, CultureInfo.CurrentCulture.Name, Activity.Current?.Id);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Segment_ChangesItsContext_TheNextOnTheCarrierDoesNotSeeIt(HubLoop loop)
    {
        var hub = StartExclusive(loop);
        var invariant = CultureInfo.CurrentCulture.Name;
        for (var round = 0; round < 20; round++)
        {
            Succeeds(
                hub.Spawn(static () => Leave("blocking")),
                hub.Spawn(static async () =>
                {
                    Leave("async");
                    await Greenlet.YieldAsync();
                    Leave("async again");
                }),
                hub.Spawn(static () =>
                {
                    SynchronizationContext.SetSynchronizationContext(null);
                    Leave("no context");
                }));
            var seen = Gives(hub.Spawn(static () => (_local.Value, CultureInfo.CurrentCulture.Name, Activity.Current, SynchronizationContext.Current)));
            Assert.Null(seen.Value);
            Assert.Equal(invariant, seen.Name);
            Assert.Null(seen.Item3);
            Assert.NotNull(seen.Item4);
            hub.SynchronizationContext.Send(_ => Assert.Null(_local.Value), null);
        }

        static void Leave(string value)
        {
            _local.Value = value;
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("fr-FR");
            _ = new Activity("left").Start();
        }
    }

    [Fact]
    public void Spawn_FlowIsSuppressed_RunsWithAnEmptyContext()
    {
        var hub = StartHub();
        _local.Value = "spawner";
        Greenlet<string?> greenlet;
        using (ExecutionContext.SuppressFlow())
            greenlet = hub.Spawn<string?>(static () => _local.Value);

        Assert.Null(Gives(greenlet));
        _local.Value = null;
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Current_InEverySegment_IsTheGreenletAndTheDefaultScheduler(HubLoop loop)
    {
        var hub = StartHub(loop);

        var greenlet = hub.Spawn(async () =>
        {
            var self = Greenlet.Current!;
            for (var i = 0; i < 4; i++)
            {
                Assert.Same(self, Greenlet.Current);
                Assert.Same(hub, Hub.Current);
                Assert.Same(TaskScheduler.Default, TaskScheduler.Current);
                // A task that is started here runs on the pool, outside of the greenlet.
                Assert.Null(await Task.Factory.StartNew(static () => Greenlet.Current));
                Assert.Same(self, Greenlet.Current);
                await Greenlet.YieldAsync();
            }

            await Task.Run(static () => { }).ConfigureAwait(false);
            return Greenlet.Current;
        });

        Ends(greenlet);
        Assert.True(greenlet.IsSuccessful, greenlet.Exception?.ToString());
        Assert.Null(Greenlet.Current);
        Assert.Null(Hub.Current);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void TaskScheduler_OfTheHub_RunsTasksOnItOneAtATime(HubLoop loop)
    {
        var hub = StartExclusive(loop);
        var inside = 0;
        var most = 0;
        var tasks = Enumerable.Range(0, 20)
            .Select(_ => Task.Factory.StartNew(
                () =>
                {
                    most = Math.Max(most, Interlocked.Increment(ref inside));
                    Thread.SpinWait(100);
                    Interlocked.Decrement(ref inside);
                    Greenlet.Yield();
                    return (Hub.Current, TaskScheduler.Current);
                },
                CancellationToken.None,
                TaskCreationOptions.None,
                hub.TaskScheduler))
            .ToArray();

        Deadline.Wait(Task.WhenAll(tasks), "the tasks", () => hub.Snapshot().ToString());

        Assert.Equal(1, most);
        Assert.All(tasks, task => Assert.Equal((hub, hub.TaskScheduler), task.Result));
        Assert.Equal(1, hub.TaskScheduler.MaximumConcurrencyLevel);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void SynchronizationContext_PostAndSend_RunOnTheHubInGreenlets(HubLoop loop)
    {
        var hub = StartHub(loop);
        var posted = new TaskCompletionSource<(Hub?, Greenlet?)>();
        hub.SynchronizationContext.Post(
            _ =>
            {
                // Every posted delegate may wait.
                Greenlet.Sleep(1);
                posted.SetResult((Hub.Current, Greenlet.Current));
            },
            null);
        var (seenHub, seenGreenlet) = Deadline.Wait(posted.Task, "the post", () => hub.Snapshot().ToString());
        Assert.Same(hub, seenHub);
        Assert.NotNull(seenGreenlet);

        object? state = null;
        hub.SynchronizationContext.Send(s => state = s, this);
        Assert.Same(this, state);
        var error = new InvalidOperationException("the test's own");
        Assert.Same(error, Assert.Throws<InvalidOperationException>(() => hub.SynchronizationContext.Send(_ => throw error, null)));
        // On the hub itself it runs inline.
        Assert.True(Gives(hub.Spawn(() =>
        {
            Greenlet? inner = null;
            hub.SynchronizationContext.Send(_ => inner = Greenlet.Current, null);
            return inner == Greenlet.Current;
        })));
    }

    [Fact]
    public void GreenletContext_SendFromOutside_RunsInTheGreenletsName()
    {
        var hub = StartHub();
        SynchronizationContext? context = null;
        using var gate = new ManualResetEventSlim();
        var greenlet = hub.Spawn(() =>
        {
            context = SynchronizationContext.Current;
            gate.Wait();
        });
        Waits(greenlet);

        Greenlet? seen = null;
        context!.Send(_ => seen = Greenlet.Current, null);
        Assert.Same(greenlet, seen);
        Assert.Throws<InvalidOperationException>(() => context.Send(_ => throw new InvalidOperationException("the test's own"), null));
        // Inside of the engine it would wait for what may not be able to come.
        Assert.IsType<BlockingInHubCallbackException>(HubCallback.Run("test's", context, static inside => inside.Send(static _ => { }, null)));

        gate.Set();
        Succeeds(greenlet);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Await_OfAGreenlet_FlowsItsAsyncLocalsBack(HubLoop loop)
    {
        var hub = StartHub(loop);

        var seen = Gives(hub.Spawn(async () =>
        {
            _local.Value = "outer";
            await hub.Spawn(static () => { _local.Value = "inner"; });
            return _local.Value;
        }));

        Assert.Equal("inner", seen);
    }

    [Fact]
    public void Context_PostAndSendOfNothing_AreRefused()
    {
        var greenlet = StartHub().Spawn(static () =>
        {
            var context = SynchronizationContext.Current!;
            Assert.Equal("d", Assert.Throws<ArgumentNullException>(() => context.Post(null!, null)).ParamName);
            Assert.Equal("d", Assert.Throws<ArgumentNullException>(() => context.Send(null!, null)).ParamName);
        });

        Succeeds(greenlet);
    }
}
