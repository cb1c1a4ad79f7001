using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>What a snapshot calls a greenlet's code, whatever made the delegate, and what it waits for.</summary>
public sealed class GreenletTextTests : HubTests
{
    private static readonly TaskCompletionSource _never = new();

    [Fact]
    public void Code_OfALambdaALocalFunctionAMethodAndGeneratedCode_IsNamedAsWritten()
    {
        var hub = StartHub();
        var generated = Expression.Lambda<Action>(Expression.Call(typeof(GreenletTextTests), nameof(WaitsForEver), null), "made at run time", []).Compile();

        Assert.Equal("GreenletTextTests.Code_OfALambdaALocalFunctionAMethodAndGeneratedCode_IsNamedAsWritten.lambda", CodeOf(hub, static () => WaitsForEver()));
        Assert.Equal("GreenletTextTests.Code_OfALambdaALocalFunctionAMethodAndGeneratedCode_IsNamedAsWritten.Local", CodeOf(hub, Local));
        Assert.Equal("GreenletTextTests.WaitsForEver", CodeOf(hub, WaitsForEver));
        Assert.Equal("made at run time", CodeOf(hub, generated));

        static void Local() => WaitsForEver();
    }

    [Fact]
    public void Tag_WhoseTextIsNull_IsEmpty_AndAFreshOneHasNone()
    {
        var hub = StartHub();
        var greenlet = hub.Create(WaitsForEver);
        Assert.Null(greenlet.Tag);
        greenlet.Tag = new Silent();
        greenlet.Start();
        Waits(greenlet);

        Assert.EndsWith(" []", hub.Snapshot().ToString(), StringComparison.Ordinal);
        greenlet.Kill();
        Ends(greenlet);
    }

    [Fact]
    public void WaitingFor_TheHubToBeIdle_AndOneOfMany_IsSaid()
    {
        var hub = StartExclusive();
        IGreenletWaitable[] many = [.. Enumerable.Range(0, 6).Select(static _ => new GreenletEvent())];
        var idle = hub.Spawn(Greenlet.Idle);
        var several = hub.Spawn(() => { Greenlet.WaitAny(many); });
        var few = hub.Spawn(() => { Greenlet.WaitAny(many.Take(2)); });
        string? whileBusy = null;
        Waits(few);
        // The exclusive hub is held while the idle one waits: it goes on only afterwards
        var looks = hub.Spawn(() =>
        {
            var other = hub.Spawn(Greenlet.Idle);
            Greenlet.Yield();
            whileBusy = WaitingFor(hub, other);
        });

        Succeeds(idle, looks);
        Assert.Equal("its hub to be idle", whileBusy);
        Assert.Equal("one of 6: an event to be set, an event to be set, an event to be set, an event to be set, an event to be set, ...", WaitingFor(hub, several));
        Assert.Equal("one of 2: an event to be set, an event to be set", WaitingFor(hub, few));
        Array.ForEach(many, static item => ((GreenletEvent)item).Set());
        Succeeds(several, few);
    }

    [Fact]
    public void WaitingFor_WhatHasCome_IsSaidUntilItGoesOn()
    {
        var hub = StartExclusive();
        var happened = new GreenletEvent();
        var waiter = hub.Spawn(() => { happened.Wait(); });
        Waits(waiter);

        // Nothing else runs on the exclusive hub meanwhile
        var looks = hub.Spawn(() =>
        {
            happened.Set();
            return WaitingFor(hub, waiter);
        });

        Assert.Equal("an event (set)", Gives(looks));
        Succeeds(waiter);
    }

    [Fact]
    public void MethodText_OfAnInterfacesMethodWithTypeArguments_HasItsWholeName()
    {
        var worker = new Worker();
        var method = worker.GetType().GetInterfaceMap(typeof(IWork<int>)).TargetMethods.Single();
        Assert.EndsWith(".IWork<System.Int32>.Do", method.Name, StringComparison.Ordinal);

        Assert.Equal($"{nameof(Worker)}.{method.Name}", MethodText.Of(method));
    }

    [Fact]
    public void WaitingFor_OfThoseThatYieldAndIdle_SaysWhichOfBoth()
    {
        var hub = StartExclusive();
        var seen = hub.Spawn(() =>
        {
            var (yields, idles) = (hub.Spawn(Greenlet.Yield), hub.Spawn(Greenlet.Idle));
            // Both have begun to wait when this comes back, and have not gone on
            Greenlet.Yield();
            return (yields.WaitingFor, idles.WaitingFor);
        });

        Assert.Equal(("its turn", "its hub to be idle"), Gives(seen));
    }

    private static string? CodeOf(Hub hub, Action body)
    {
        var greenlet = hub.Spawn(body);
        Waits(greenlet);
        var code = hub.Snapshot().Greenlets.Single(one => one.Id == greenlet.Id).Code;
        greenlet.Kill();
        Ends(greenlet);
        return code;
    }

    private static string? WaitingFor(Hub hub, Greenlet greenlet) => hub.Snapshot().Greenlets.Single(one => one.Id == greenlet.Id).WaitingFor;

    private static void WaitsForEver() => Greenlet.Await(_never.Task);

    private sealed class Silent
    {
        public override string? ToString() => null;
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void StackText_OfAGreenlet_IsTheUsersCodeAlone(HubLoop loop)
    {
        var stack = Gives(StartHub(loop).Spawn(static () => TheUsersCode()));

        Assert.Contains(nameof(TheUsersCode), stack, StringComparison.Ordinal);
        Assert.DoesNotContain(nameof(Dispatcher), stack, StringComparison.Ordinal);
        Assert.DoesNotContain(nameof(ExecutionContext), stack, StringComparison.Ordinal);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string? TheUsersCode() => StackText.OfThisThread();

    private interface IWork<T>
    {
        void Do(T item);
    }

    private sealed class Worker : IWork<int>
    {
        void IWork<int>.Do(int item)
        {
        }
    }
}
