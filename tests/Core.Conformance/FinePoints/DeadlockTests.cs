namespace GreenletBridge.Core.Conformance.FinePoints;

/// <summary>Fine point 25: errors where a deadlock is decidable.</summary>
public sealed class DeadlockTests
{
    [Theory]
    [InlineData(HubLoop.Threads, 2)]
    [InlineData(HubLoop.Scheduler, 2)]
    [InlineData(HubLoop.Threads, 5)]
    [InlineData(HubLoop.Scheduler, 5)]
    public async Task CycleOfJoins_IsAnErrorThatNamesWhoWaitsForWhom(HubLoop loop, int length)
    {
        await using var lane = new HubUnderTest(loop, start: false);
        var greenlets = new Greenlet[length];
        for (var i = 0; i < length; i++)
        {
            var next = i + 1;
            greenlets[i] = lane.Hub.Create(() => greenlets[next % length].Get());
            greenlets[i].Name = $"number {i}";
        }

        foreach (var greenlet in greenlets)
            greenlet.Start();
        lane.Hub.Start();
        foreach (var greenlet in greenlets)
            await lane.Ended(greenlet);

        // The one that closes the cycle gets the error; the others get it from the one they wait for.
        var error = Assert.IsType<HubDeadlockException>(greenlets[0].Exception);
        for (var i = 0; i < length; i++)
            Assert.Contains($"\"number {i}\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("waits for", error.Message, StringComparison.Ordinal);
    }

    [Theory, Loops]
    public async Task CycleOfJoins_AcrossHubs_IsAnError(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop, start: false);
        await using var other = new HubUnderTest(loop, start: false);
        Greenlet one = null!;
        Greenlet two = null!;
        one = lane.Hub.Create(() => two.Join());
        two = other.Hub.Create(() => one.Get());
        one.Start();
        two.Start();
        lane.Hub.Start();
        other.Hub.Start();

        await lane.Ended(one);
        await other.Ended(two);
        Assert.Contains(new[] { one, two }, greenlet => greenlet.Exception is HubDeadlockException);
    }

    [Theory, Loops]
    public async Task CycleOfJoins_OneCanBeEndedByATokenOrByATime_IsNone(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop, start: false);
        using var source = new CancellationTokenSource();
        Greenlet byToken = null!, byTime = null!;
        var ofToken = lane.Hub.Create(() => byToken.Join());
        var ofTime = lane.Hub.Create(() => byTime.Join());
        byToken = lane.Hub.Create(() => { Greenlet.JoinAll([ofToken], cancellationToken: source.Token); });
        byTime = lane.Hub.Create(() => { Greenlet.JoinAll([ofTime], TimeSpan.FromSeconds(1)); });
        Greenlet[] all = [byToken, byTime, ofToken, ofTime];
        Array.ForEach(all, static greenlet => greenlet.Start());
        lane.Hub.Start();
        await lane.Until(() => Array.TrueForAll(all, static greenlet => greenlet.Status == GreenletStatus.Waiting), "all wait");
        await lane.Settle();
        Assert.DoesNotContain(all, static greenlet => greenlet.IsReady);

        lane.Time.Advance(TimeSpan.FromSeconds(1));
        await source.CancelAsync();

        foreach (var greenlet in all)
            await lane.Ended(greenlet);
        Assert.IsAssignableFrom<OperationCanceledException>(byToken.Exception);
        Assert.All([byTime, ofTime, ofToken], static greenlet => Assert.Equal(GreenletStatus.Completed, greenlet.Status));
    }

    [Theory, Loops]
    public async Task CycleOfJoins_OneIsAWaitForSeveral_IsAnError(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop, start: false);
        Greenlet all = null!;
        var bystander = lane.Hub.Create(() => Greenlet.Sleep(TimeSpan.FromSeconds(1)));
        var between = lane.Hub.Create(() => all.Join());
        var member = lane.Hub.Create(() => between.Join());
        all = lane.Hub.Create(() => Greenlet.JoinAll([bystander, member]));
        all.Name = "the one for all";
        foreach (var greenlet in new[] { bystander, all, member, between })
            greenlet.Start();
        lane.Hub.Start();

        await lane.Ended(between);
        var error = Assert.IsType<HubDeadlockException>(between.Exception);
        Assert.Contains("\"the one for all\"", error.Message, StringComparison.Ordinal);
        await lane.Until(() => lane.Time.TimerCount > 0, "the bystander sleeps");
        lane.Time.Advance(TimeSpan.FromSeconds(1));
        await lane.Ended(all);
        Assert.True(all.IsSuccessful, $"{all} {all.Exception}");
    }

    [Theory, Loops]
    public async Task CycleOfJoins_TheWaitForSeveralClosesIt_IsAnError(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop, start: false);
        Greenlet all = null!;
        var member = lane.Hub.Create(() => all.Join());
        all = lane.Hub.Create(() => Greenlet.JoinAll([member]));
        member.Start();
        all.Start();
        lane.Hub.Start();

        await lane.Ended(all);
        Assert.IsType<HubDeadlockException>(all.Exception);
        await lane.Ended(member);
    }

    [Theory, Loops]
    public async Task CycleOfJoins_TheWaitForSeveralCanEndOtherwise_IsNoError(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop, start: false);
        var gate = new GreenletEvent();
        Greenlet any = null!;
        Greenlet error = null!;
        var first = lane.Hub.Create(() => any.Join());
        var second = lane.Hub.Create(() => error.Join());
        var sleeper = lane.Hub.Create(() => gate.Wait());
        var fails = lane.Hub.Create(() =>
        {
            gate.Wait();
            throw new InvalidDataException("what ends the wait");
        });
        any = lane.Hub.Create(() => Greenlet.JoinAll([first, sleeper], count: 1));
        error = lane.Hub.Create(() => Greenlet.JoinAll([second, fails], throwOnError: true));
        foreach (var greenlet in new[] { first, second, sleeper, fails, any, error })
            greenlet.Start();
        lane.Hub.Start();
        await lane.Until(() => lane.Hub.Snapshot().Waiting == 6, "all wait");
        gate.Set();

        foreach (var greenlet in new[] { first, second, sleeper, any, error })
            await lane.Ended(greenlet);
        Assert.True(any.IsSuccessful, $"{any} {any.Exception}");
        Assert.IsType<InvalidDataException>(error.Exception);
    }

    [Theory, Loops]
    public async Task CycleOfJoins_OfWhichOneEndsByItself_IsNoError(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop, start: false);
        Greenlet<bool> patient = null!;
        var second = lane.Hub.Create(() => patient.Get());
        patient = lane.Hub.Create(() => second.Join(TimeSpan.FromSeconds(1)));
        var third = lane.Hub.Create(() => patient.Get());
        patient.Start();
        second.Start();
        third.Start();
        lane.Hub.Start();
        await lane.Until(() => lane.Hub.Snapshot().Waiting == 3 && lane.Time.TimerCount > 0, "all wait");
        lane.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(await lane.For(lane.Bridge.AsTask(second), "the value"));
        Assert.False(await lane.For(lane.Bridge.AsTask(third), "the value"));
    }

    [Theory, Loops]
    public async Task ChainOfJoins_IsNoError(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource();
        var first = lane.Hub.Spawn(() => { Greenlet.Await(gate.Task); return 0; });
        var last = first;
        for (var i = 0; i < 20; i++)
        {
            var before = last;
            last = lane.Hub.Spawn(() => before.Get() + 1);
        }

        await lane.Until(() => lane.Hub.Snapshot().Waiting == 21, "all wait");
        gate.SetResult();
        Assert.Equal(20, await lane.For(lane.Bridge.AsTask(last), "the value"));
    }

    [Theory, LoopsAndBodies]
    public async Task NeverStarted_WaitedForInAGreenlet_IsAnError(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var never = lane.Hub.Create(static () => { });
        var greenlet = lane.Spawn(body, waits => waits.Join(never));

        await Assert.ThrowsAsync<HubDeadlockException>(() => lane.For(lane.Bridge.AsTask(greenlet), "the error"));
    }

    [Theory, Loops]
    public async Task CycleOfJoins_TheWaitForSeveralClosesIt_SomeOfThemMayEnd_IsAnError(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop, start: false);
        Greenlet all = null!;
        var bystander = lane.Hub.Create(static () => Greenlet.Sleep(TimeSpan.FromSeconds(1)));
        var member = lane.Hub.Create(() => all.Join());
        all = lane.Hub.Create(() => Greenlet.JoinAll([bystander, member]));
        foreach (var greenlet in new[] { bystander, member, all })
            greenlet.Start();
        lane.Hub.Start();

        await lane.Ended(all);
        Assert.IsType<HubDeadlockException>(all.Exception);
        await lane.Ended(member);
        await lane.Until(() => lane.Time.TimerCount > 0, "the bystander sleeps");
        lane.Time.Advance(TimeSpan.FromSeconds(1));
        await lane.Ended(bystander);
    }
}
