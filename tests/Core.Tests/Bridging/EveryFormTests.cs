using System.Linq.Expressions;
using System.Reflection;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Bridging;

/// <summary>SyncToAsync and AsyncToSync have twenty forms each, by arguments, value and token: what holds for one holds for all.</summary>
public sealed class EveryFormTests : HubTests
{
    private const int Value = 7;

    public static TheoryData<string> SyncToAsyncForms { get; } = [.. FormsOf(typeof(SyncToAsyncExtensions)).Select(static form => form.ToString()!)];

    public static TheoryData<string> AsyncToSyncForms { get; } = [.. FormsOf(typeof(AsyncToSyncExtensions)).Select(static form => form.ToString()!)];

    [Fact]
    public void Forms_AreAllThere() => Assert.Equal((20, 20), (SyncToAsyncForms.Count, AsyncToSyncForms.Count));

    [Theory]
    [MemberData(nameof(SyncToAsyncForms))]
    public async Task SyncToAsync_OfAnOwnBridge_GoesThroughThatBridge(string form)
    {
        var hub = StartHub();
        var bridge = new OwnBridge(hub.Bridge);
        var ran = 0;

        var end = await CallAsync(form, bridge, () => ran++, null);

        Assert.Equal(1, ran);
        Assert.Equal([nameof(IGreenletBridge.RunBlocking)], bridge.Called);
        AssertValue(Value, end);
    }

    [Theory]
    [MemberData(nameof(SyncToAsyncForms))]
    public async Task SyncToAsync_WithOptions_TheyHoldForItsCalls(string form)
    {
        var hub = StartHub();

        var end = await CallAsync(form, hub.Bridge, static () => Greenlet.Current!.Kill(), new GreenletToTaskOptions { AutoCancelTask = false });

        Assert.True(end.IsCompletedSuccessfully);
        AssertValue(0, end);
        var cancelled = await CallAsync(form, hub.Bridge, static () => Greenlet.Current!.Kill(), new GreenletToTaskOptions());
        Assert.True(cancelled.IsCanceled);
    }

    [Theory]
    [MemberData(nameof(SyncToAsyncForms))]
    public void SyncToAsync_OptionsThatWouldLeaveACallPending_AreRefused(string form)
    {
        var options = new GreenletToTaskOptions { AutoStartGreenlet = false };

        var refused = Assert.Throws<TargetInvocationException>(() => Convert(typeof(SyncToAsyncExtensions), form, NewHub().Bridge, static () => { }, options)).InnerException;

        Assert.Equal(nameof(GreenletToTaskOptions.AutoStartGreenlet), Assert.IsType<ArgumentException>(refused).ParamName);
    }

    [Theory]
    [MemberData(nameof(AsyncToSyncForms))]
    public void AsyncToSync_OfAnOwnBridge_GoesThroughThatBridge_OnAGreenletToo(string form)
    {
        var hub = StartHub();
        var bridge = new OwnBridge(hub.Bridge);
        var ran = 0;
        var convert = Convert(typeof(AsyncToSyncExtensions), form, bridge, () => ran++, null);

        var outside = Call(convert);
        var inside = Gives(hub.Spawn(() => Call(convert)));

        Assert.Equal(2, ran);
        Assert.Equal([nameof(IGreenletBridge.Await), nameof(IGreenletBridge.Await)], bridge.Called);
        var expected = convert.Method.ReturnType == typeof(void) ? null : (object)Value;
        Assert.Equal((expected, expected), (outside, inside));
    }

    private static async Task<Task> CallAsync(string form, IGreenletBridge bridge, Action body, GreenletToTaskOptions? options)
    {
        var call = (Task)Call(Convert(typeof(SyncToAsyncExtensions), form, bridge, body, options))!;
        await Deadline.For(Task.WhenAny(call), "the end of the call");
        return call;
    }

    private static void AssertValue(int expected, Task end) => Assert.Equal(expected, end is Task<int> { Result: var value } ? value : expected);

    private static object? Call(Delegate converted) =>
        converted.DynamicInvoke([.. converted.Method.GetParameters()
            .Select(static p => p.ParameterType == typeof(CancellationToken) ? CancellationToken.None : (object)1)]);

    private static Delegate Convert(Type forms, string form, IGreenletBridge bridge, Action code, object? options)
    {
        var method = FormsOf(forms).Single(method => method.ToString() == form);
        var closed = method.IsGenericMethodDefinition ? method.MakeGenericMethod([.. method.GetGenericArguments().Select(static _ => typeof(int))]) : method;
        return (Delegate)closed.Invoke(null, [bridge, BodyOf(closed.GetParameters()[1].ParameterType, code), options])!;
    }

    /// <summary>A function of that type that runs the code and gives <see cref="Value"/>, as a Task where it is to be async.</summary>
    private static Delegate BodyOf(Type type, Action code)
    {
        var invoke = type.GetMethod("Invoke")!;
        Expression value = invoke.ReturnType switch
        {
            var none when none == typeof(void) => Expression.Empty(),
            var number when number == typeof(int) => Expression.Constant(Value),
            var task when task == typeof(Task) => Expression.Constant(Task.CompletedTask),
            _ => Expression.Constant(Task.FromResult(Value)),
        };
        var body = Expression.Block(invoke.ReturnType, Expression.Invoke(Expression.Constant(code)), value);
        return Expression.Lambda(type, body, invoke.GetParameters().Select(static p => Expression.Parameter(p.ParameterType))).Compile();
    }

    // One form stands there for async lambdas, which it refuses when they are compiled
    private static IEnumerable<MethodInfo> FormsOf(Type extensions) =>
        extensions.GetMethods(BindingFlags.Public | BindingFlags.Static).Where(static method => method.GetCustomAttribute<ObsoleteAttribute>() is null);
}
