using System.Runtime.CompilerServices;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>What <c>await greenlet</c> is made of, as others than the compiler use it.</summary>
public sealed class GreenletAwaiterTests : HubTests
{
    private readonly AsyncLocal<string?> _flowing = new();

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task OnCompleted_FlowsTheCallersContext_AndUnsafeOnCompletedDoesNot(bool withValue, bool unsafely)
    {
        var hub = StartHub();
        using var gate = new ManualResetEventSlim();
        var greenlet = hub.Spawn(() =>
        {
            gate.Wait();
            return 1;
        });
        var awaiter = withValue ? (ICriticalNotifyCompletion)greenlet.GetAwaiter() : ((Greenlet)greenlet).GetAwaiter();
        var seen = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        void GoOn() => seen.SetResult(_flowing.Value);

        _flowing.Value = "the caller's";
        if (unsafely)
            awaiter.UnsafeOnCompleted(GoOn);
        else
            awaiter.OnCompleted(GoOn);
        _flowing.Value = null;
        gate.Set();

        Assert.Equal(unsafely ? null : "the caller's", await Deadline.For(seen.Task, "the continuation", () => hub.Snapshot().ToString()));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task OnCompleted_ItHasEndedBefore_GoesOnAllTheSame_NotOnTheCallersStack(bool withValue, bool unsafely)
    {
        var greenlet = StartHub().Spawn(static () => 1);
        Ends(greenlet);
        var awaiter = withValue ? (ICriticalNotifyCompletion)greenlet.GetAwaiter() : ((Greenlet)greenlet).GetAwaiter();
        var came = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var left = new ManualResetEventSlim();
        Action goOn = () => came.SetResult(left.Wait(Deadline.Default));

        if (unsafely)
            awaiter.UnsafeOnCompleted(goOn);
        else
            awaiter.OnCompleted(goOn);
        left.Set();

        Assert.True(await Deadline.For(came.Task, "the continuation"));
    }

    [Fact]
    public void Equals_AwaitersOfOneGreenlet_AreEqual()
    {
        var hub = StartHub();
        Greenlet<int> one = hub.Create(static () => 1), other = hub.Create(static () => 1);
        one.Start();
        other.Start();
        GreenletAwaiter<int> ofOne = one.GetAwaiter(), again = one.GetAwaiter(), ofOther = other.GetAwaiter();
        GreenletAwaiter plain = ((Greenlet)one).GetAwaiter(), plainAgain = ((Greenlet)one).GetAwaiter(), plainOther = ((Greenlet)other).GetAwaiter();

        Assert.True(ofOne == again && ofOne.Equals((object)again) && ofOne.GetHashCode() == again.GetHashCode());
        Assert.True(ofOne != ofOther && !ofOne.Equals((object)ofOther) && !ofOne.Equals((object)plain) && !ofOne.Equals(null));
        Assert.True(plain == plainAgain && plain.Equals((object)plainAgain) && plain.GetHashCode() == plainAgain.GetHashCode());
        Assert.True(plain != plainOther && !plain.Equals((object)plainOther) && !plain.Equals((object)ofOne) && !plain.Equals(null));
        Succeeds(one, other);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public async Task GetResult_ABlockingBodyHasChangedItsContext_TheAwaitingCodeHasItFromThereOn(bool withValue, bool hasEndedBefore)
    {
        var hub = StartHub();
        using var gate = new ManualResetEventSlim(initialState: hasEndedBefore);
        var greenlet = hub.Spawn(() =>
        {
            gate.Wait();
            _flowing.Value = "the greenlet's";
            return 1;
        });
        if (hasEndedBefore)
            Ends(greenlet);

        var seen = hub.Spawn(async () =>
        {
            if (withValue)
                await greenlet;
            else
                await (Greenlet)greenlet;
            return _flowing.Value;
        });
        gate.Set();

        Assert.Equal("the greenlet's", await Deadline.For(hub.Bridge.AsTask(seen), "what it sees", () => hub.Snapshot().ToString()));
        Assert.Null(_flowing.Value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void GetResult_CalledByHandBeforeTheEnd_WaitsForIt(bool withValue)
    {
        var hub = StartHub();
        var gate = new TaskCompletionSource();
        var greenlet = hub.Spawn(async () =>
        {
            await gate.Task;
            return 1;
        });
        var ended = new TaskCompletionSource<bool>();
        var thread = new Thread(() =>
        {
            if (withValue)
                greenlet.GetAwaiter().GetResult();
            else
                ((Greenlet)greenlet).GetAwaiter().GetResult();
            ended.SetResult(greenlet.IsReady);
        })
        { IsBackground = true };

        thread.Start();
        Deadline.Wait(() => ended.Task.IsCompleted || IsAsleep(thread), "the thread to wait", () => hub.Snapshot().ToString());
        gate.SetResult();

        Deadline.Wait(ended.Task, "the end", () => hub.Snapshot().ToString());
        Assert.True(ended.Task.Result);
    }

    [Fact]
    public void Await_TheGreenletHasChangedNothing_TheAwaitingCodeKeepsItsOwnContext()
    {
        var hub = StartHub();
        using var gate = new ManualResetEventSlim();
        var seen = hub.Spawn(async () =>
        {
            _flowing.Value = "before";
            var other = hub.Spawn(() =>
            {
                gate.Wait();
                return 1;
            });
            _flowing.Value = "after";
            gate.Set();
            await other;
            return _flowing.Value;
        });

        Assert.Equal("after", Gives(seen));
    }
}
