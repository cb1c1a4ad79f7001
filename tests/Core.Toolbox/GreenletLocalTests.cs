namespace GreenletBridge.Core.Toolbox;

/// <summary>Values of which each greenlet has its own.</summary>
public sealed class GreenletLocalTests
{
    [Theory, LoopsAndBodies]
    public async Task Value_IsEachGreenletsOwn_ThroughEveryWait(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var local = new GreenletLocal<string>();
        Assert.Equal("outside", await HubUnderTest.OnPlainThread(() => local.Value = "outside"));
        Greenlet<string>[] all = [.. Enumerable.Range(0, 20).Select(i => lane.Spawn<string>(body, async waits =>
        {
            Assert.False(local.HasValue);
            local.Value = $"{i}";
            for (var turn = 0; turn < 5; turn++)
            {
                await waits.Yield();
                Assert.Equal($"{i}", local.Value);
            }

            var child = lane.Hub.Spawn(() => local.Value ?? "none");
            await waits.Join(child);
            return child.Get() + local.Value;
        }))];

        for (var i = 0; i < all.Length; i++)
            Assert.Equal($"none{i}", await lane.For(lane.Bridge.AsTask(all[i]), "the value"));
        Assert.Equal((false, "one"), await HubUnderTest.OnPlainThread(() => (local.HasValue, local.Value = "one")));
        Assert.Null(await HubUnderTest.OnPlainThread(() => local.Value));
    }

    [Theory, LoopsAndBodies]
    public async Task Factory_RunsOnceAGreenlet_AndMayWait(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var made = 0;
        var local = new GreenletLocal<int>(() =>
        {
            Greenlet.Yield();
            return Interlocked.Increment(ref made);
        });
        Greenlet<bool>[] all = [.. Enumerable.Range(0, 10).Select(_ => lane.Spawn<bool>(body, async waits =>
        {
            var first = local.Value;
            await waits.Yield();
            return first == local.Value && local.HasValue;
        }))];

        foreach (var greenlet in all)
            Assert.True(await lane.For(lane.Bridge.AsTask(greenlet), "the value"));
        Assert.Equal(10, made);
    }

    [Theory, Loops]
    public async Task Factory_Throws_TheNextAccessCallsItAgain_AndItsOwnValueItCannotHave(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var calls = 0;
        var local = new GreenletLocal<int>(() => ++calls == 1 ? throw new InvalidTimeZoneException() : calls);
        GreenletLocal<int> self = null!;
        self = new GreenletLocal<int>(() => self.Value + 1);
        var greenlet = lane.Hub.Spawn(() =>
        {
            AtOnce.Throws<InvalidTimeZoneException>(() => _ = local.Value);
            Assert.False(local.HasValue);
            Assert.Equal(2, local.Value);
            local.Clear();
            Assert.Equal(3, local.Value);
            AtOnce.Throws<InvalidOperationException>(() => _ = self.Value);
            AtOnce.Throws<InvalidOperationException>(() => _ = self.Value);
        });
        await lane.For(lane.Bridge.AsTask(greenlet), "the end");
        AtOnce.Throws<ArgumentNullException>(() => _ = new GreenletLocal<int>(null!));
    }

    [Theory, Loops]
    public async Task Value_IsGoneWithItsGreenlet(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var local = new GreenletLocal<object>(static () => new object());
        WeakReference? value = null;
        var greenlet = lane.Hub.Spawn(() => { value = new WeakReference(local.Value); });
        await lane.For(lane.Bridge.AsTask(greenlet), "the end");
        await lane.Settle();

        await lane.Until(
            () =>
            {
                GC.Collect();
                return !value!.IsAlive;
            },
            "nothing keeps the value");
        // The greenlet is still here: it is the end that counts.
        Assert.True(greenlet.IsReady);
    }

    [Theory, Loops]
    public async Task Clear_WhereThereIsNone_DoesNothing_OnAGreenletAndOnAThread(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var local = new GreenletLocal<int>(static () => 5);
        var other = new GreenletLocal<int>();
        (bool, int, int) Use()
        {
            local.Clear();
            Assert.False(local.HasValue);
            other.Value = 1;
            other.Value = 2;
            local.Clear();
            var made = local.Value;
            local.Value = 6;
            local.Clear();
            return (local.HasValue, made, other.Value);
        }

        var named = lane.Hub.Create(Use);
        named.Name = "has details, and no values";
        named.Start();
        Assert.Equal((false, 5, 2), await lane.For(lane.Bridge.AsTask(named), "the values"));
        Assert.Equal((false, 5, 2), await HubUnderTest.OnPlainThread(Use));
    }

    [Theory, Loops]
    public async Task SetInTheFactory_CountsForThoseWhoAskMeanwhile_ThenTheFactorysValue(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        GreenletLocal<int> local = null!;
        var meanwhile = 0;
        local = new GreenletLocal<int>(() =>
        {
            local.Value = 1;
            meanwhile = local.Value;
            return 2;
        });

        Assert.Equal(2, await lane.For(lane.Bridge.AsTask(lane.Hub.Spawn(() => local.Value)), "the value"));
        Assert.Equal(1, meanwhile);
    }

    [Theory, Loops]
    public async Task Value_UsedByWhatTheGreenletHasLeftRunning_KeepsNothing(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = new TaskCompletionSource<(bool Before, string? After)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var local = new GreenletLocal<string>();
        var greenlet = lane.Hub.Spawn(() =>
        {
            local.Value = "its own";
            _ = GoOn();
            return Task.CompletedTask;

            async Task GoOn()
            {
                await gate.Task;
                var before = local.HasValue;
                local.Value = "later";
                left.SetResult((before, local.Value));
            }
        });
        await lane.For(lane.Bridge.AsTask(greenlet), "the greenlet");

        gate.SetResult();

        Assert.Equal((false, null), await lane.For(left.Task, "what it has left"));
    }
}
