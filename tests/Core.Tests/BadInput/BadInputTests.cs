using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.BadInput;

/// <summary>Every public member of Core with what it must refuse. A new member, or a new parameter, is in it by itself.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string AtOnce = "a time that is over already: at once";

    // What may be negative, and why. It must not fail as a bug does even so.
    private static readonly Dictionary<string, string> _exempt = new()
    {
        ["Greenlet.Sleep(time)"] = "yields",
        ["Greenlet.Sleep(milliseconds)"] = "yields",
        ["Greenlet.SleepAsync(time)"] = "yields",
        ["Greenlet.StartLater(delay)"] = AtOnce,
        ["Hub.SpawnLater(delay)"] = AtOnce,
        ["Greenlet.WithTimeout(time)"] = AtOnce,
        ["Greenlet.WithTimeoutAsync(time)"] = AtOnce,
        ["GreenletTimeout.ctor(time)"] = AtOnce,
        ["GreenletTimeout.Start(time)"] = AtOnce,
    };

    // Called by the compiler, by the engine, or plain holders of what they are given.
    private static readonly Type[] _left = [typeof(GreenletAwaiter), typeof(GreenletAwaiter<>), typeof(HubListener), typeof(HubSegment)];

    private readonly Hub _hub = new(new HubOptions { Carriers = new CarrierPool(new CarrierOptions { IdleTimeout = TimeSpan.FromSeconds(1) }) });
    private readonly OffloadPool _offload = new(1);

    public void Dispose()
    {
        _hub.Dispose();
        _offload.Dispose();
    }

    [Fact]
    public void EveryMember_WhatItMustRefuse_IsRefusedByName()
    {
        _hub.Start();
        var walk = new InputWalk(Good, _exempt);

        // Tools that change the assembly add types of their own
        var types = typeof(Hub).Assembly.GetExportedTypes()
            .Where(static type => type.Namespace == nameof(GreenletBridge) && !type.Name.StartsWith('<') && !typeof(Exception).IsAssignableFrom(type));
        var complaints = walk.Run(types.Except(_left));

        Assert.True(complaints.Count == 0, string.Join(Environment.NewLine, complaints));
        Assert.InRange(walk.Calls, 200, 10_000);
    }

    private object? Good(Type type) => type switch
    {
        _ when type == typeof(Hub) => _hub,
        _ when type == typeof(HubGroup) => new HubGroup(1),
        _ when type == typeof(Greenlet) => Ended(),
        _ when type == typeof(Greenlet<int>) => Ended(),
        _ when type == typeof(IGreenletBridge) => _hub.Bridge,
        _ when type == typeof(Task) => Task.CompletedTask,
        _ when type == typeof(Task<int>) => Task.FromResult(1),
        _ when type == typeof(IEnumerable<Greenlet>) => new Greenlet[] { Ended() },
        _ when type == typeof(IEnumerable<IGreenletWaitable>) => new IGreenletWaitable[] { new GreenletEvent(isSet: true) },
        _ when type == typeof(IEnumerable<int>) => new[] { 1 },
        _ when type == typeof(TimeSpan) || type == typeof(TimeSpan?) => TimeSpan.FromMilliseconds(1),
        _ when type == typeof(int) || type == typeof(int?) => 1,
        _ when type == typeof(string) => "name",
        _ when type == typeof(Exception) => new InvalidOperationException("the test's own"),
        _ when type == typeof(OffloadPool) => _offload,
        _ when type == typeof(CarrierPool) => new CarrierPool(),
        _ when type == typeof(CarrierOptions) => new CarrierOptions(),
        _ when type == typeof(AsyncResult<int>) => new AsyncResult<int>(),
        _ when type == typeof(GreenletChannel<int>) => new GreenletChannel<int>(),
        _ when type == typeof(GreenletCondition) => new GreenletCondition(),
        _ when type == typeof(GreenletEvent) => new GreenletEvent(),
        _ when type == typeof(GreenletGroup) => new GreenletGroup(_hub),
        _ when type == typeof(GreenletPool) => new GreenletPool(1, _hub),
        _ when type == typeof(GreenletLock) => new GreenletLock(),
        _ when type == typeof(GreenletQueue<int>) => new GreenletQueue<int>(),
        _ when type == typeof(GreenletSemaphore) => new GreenletSemaphore(0, 5),
        _ when type == typeof(GreenletTimeout) => new GreenletTimeout(TimeSpan.FromDays(1)),
        _ when type == typeof(GreenletScope) => Left(),
        _ when type == typeof(WorkProfile) => new WorkProfile("work"),
        _ => null,
    };

    private GreenletScope Left()
    {
        GreenletScope? left = null;
        GreenletScope.Run(scope => left = scope, _hub);
        return left!;
    }

    private Greenlet<int> Ended()
    {
        var greenlet = _hub.Spawn(static () => 1);
        greenlet.Join();
        return greenlet;
    }
}
