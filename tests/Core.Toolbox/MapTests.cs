namespace GreenletBridge.Core.Toolbox;

/// <summary>One greenlet for each item: all at once and lazily.</summary>
public sealed class MapTests
{
    [Theory, LoopsAndBodies]
    public async Task Map_GivesTheValuesInOrderOfTheItems(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        foreach (var group in (GreenletGroup[])[new GreenletGroup(lane.Hub), new GreenletPool(3, lane.Hub)])
        {
            // The later an item, the sooner it is done.
            var mapper = lane.Spawn<IReadOnlyList<int>>(body, async waits => body == BodyKind.Async
                ? await group.MapAsync(Enumerable.Range(0, 20), static async i => { for (var n = i; n < 20; n++) await Greenlet.YieldAsync(); return i; })
                : group.Map(Enumerable.Range(0, 20), static i => { for (var n = i; n < 20; n++) Greenlet.Yield(); return i; }));
            Assert.Equal(Enumerable.Range(0, 20), await lane.For(lane.Bridge.AsTask(mapper), "the values"));
            Assert.Empty(group);
        }
    }

    [Theory, LoopsAndBodies]
    public async Task Map_Failures_TheFirstByPositionIsThrown_WhenAllHaveEnded(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var pool = new GreenletPool(5, lane.Hub);
        var ended = 0;
        async Task<int> Work(int item)
        {
            for (var n = item; n < 5; n++)
                await new BodyWaits(body).Yield();
            ended++;
            return item is 1 or 3 ? throw new InvalidTimeZoneException($"{item}") : item;
        }

        var mapper = lane.Spawn(body, async waits =>
        {
            if (body == BodyKind.Async)
                await pool.MapAsync(Enumerable.Range(0, 5), Work);
            else
                pool.Map(Enumerable.Range(0, 5), item => Work(item).GetAwaiter().GetResult());
        });
        var error = await Assert.ThrowsAsync<InvalidTimeZoneException>(() => lane.For(lane.Bridge.AsTask(mapper), "the failure"));
        Assert.Equal("1", error.Message);
        Assert.Equal(5, ended);
    }

    [Theory, LoopsAndBodies]
    public async Task Map_CallerKilled_OrItemsThrow_KillsWhatWasBegun(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var pool = new GreenletPool(2, lane.Hub);
        async Task MapAll(IEnumerable<int> items)
        {
            if (body == BodyKind.Async)
                await pool.MapAsync(items, static async i => { await Greenlet.SleepAsync(Timeout.InfiniteTimeSpan); return i; });
            else
                pool.Map(items, static i => TimeoutTests.Forever(i));
        }

        var mapper = lane.Spawn(body, _ => MapAll(Enumerable.Range(0, 5)));
        await lane.Until(() => lane.Hub.Snapshot().Waiting == 3, "all wait");
        mapper.Kill();
        await lane.Ended(mapper);
        Assert.Equal(GreenletStatus.Killed, mapper.Status);
        Assert.True(await lane.For(pool.JoinAsync(), "nothing is left"));

        static IEnumerable<int> Broken()
        {
            yield return 1;
            throw new InvalidTimeZoneException();
        }

        mapper = lane.Spawn(body, _ => MapAll(Broken()));
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => lane.For(lane.Bridge.AsTask(mapper), "the failure"));
        Assert.True(await lane.For(pool.JoinAsync(), "nothing is left"));
        Assert.Equal(2, pool.FreeCount);
    }

    [Theory, LoopsAndBodies]
    public async Task IMap_IsLazyAndBounded(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var pool = new GreenletPool(2, lane.Hub);
        var read = 0;
        IEnumerable<int> Endless()
        {
            while (true)
                yield return read++;
        }

        async Task<List<int>> Take(int bound)
        {
            var values = new List<int>();
            if (body == BodyKind.Async)
            {
                await foreach (var value in pool.IMapAsync(Endless(), Task.FromResult, bound))
                {
                    values.Add(value);
                    if (values.Count == 5)
                        break;
                }
            }
            else
            {
                values.AddRange(pool.IMap(Endless(), static i => i, bound).Take(5));
            }

            return values;
        }

        _ = pool.IMap(Endless(), static i => i);
        Assert.Equal(0, read);
        foreach (var bound in (int[])[1, 2, 7])
        {
            read = 0;
            var taker = lane.Spawn<List<int>>(body, _ => Take(bound));
            Assert.Equal([0, 1, 2, 3, 4], await lane.For(lane.Bridge.AsTask(taker), "five values"));
            // Read ahead by the bound, and one that waits for a place.
            Assert.InRange(read, 5, 5 + bound + 1);
        }

        Assert.True(await lane.For(pool.JoinAsync(), "nothing is left"));
        Assert.Equal(2, pool.FreeCount);
    }

    [Theory, LoopsAndBodies]
    public async Task IMap_GoesOnAfterAFailedItem(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var pool = new GreenletPool(2, lane.Hub);
        foreach (var ordered in (bool[])[true, false])
        {
            var taker = lane.Spawn<string>(body, async waits =>
            {
                var log = new List<string>();
                if (body == BodyKind.Async)
                {
                    static async Task<int> Work(int i)
                    {
                        await Greenlet.YieldAsync();
                        return i == 2 ? throw new InvalidTimeZoneException() : i;
                    }

                    await using var values = (ordered ? pool.IMapAsync(Enumerable.Range(0, 5), Work) : pool.IMapUnorderedAsync(Enumerable.Range(0, 5), Work)).GetAsyncEnumerator();
                    while (true)
                    {
                        try
                        {
                            if (!await values.MoveNextAsync())
                                break;
                            log.Add($"{values.Current}");
                        }
                        catch (InvalidTimeZoneException)
                        {
                            log.Add("failed");
                        }
                    }
                }
                else
                {
                    static int Work(int i)
                    {
                        Greenlet.Yield();
                        return i == 2 ? throw new InvalidTimeZoneException() : i;
                    }

                    using var values = (ordered ? pool.IMap(Enumerable.Range(0, 5), Work) : pool.IMapUnordered(Enumerable.Range(0, 5), Work)).GetEnumerator();
                    while (true)
                    {
                        try
                        {
                            if (!values.MoveNext())
                                break;
                            log.Add($"{values.Current}");
                        }
                        catch (InvalidTimeZoneException)
                        {
                            log.Add("failed");
                        }
                    }
                }

                if (!ordered)
                    log.Sort(StringComparer.Ordinal);
                return string.Join(' ', log);
            });

            Assert.Equal(ordered ? "0 1 failed 3 4" : "0 1 3 4 failed", await lane.For(lane.Bridge.AsTask(taker), "the values"));
        }
    }

    [Theory, LoopsAndBodies]
    public async Task IMapUnordered_GivesValuesAsTheyAreDone(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var group = new GreenletGroup(lane.Hub);
        var gates = Enumerable.Range(0, 3).Select(static _ => new TaskCompletionSource()).ToArray();
        var log = new List<int>();
        var taker = lane.Spawn(body, async waits =>
        {
            if (body == BodyKind.Async)
            {
                await foreach (var value in group.IMapUnorderedAsync(Enumerable.Range(0, 3), async i => { await gates[i].Task; return i; }))
                    log.Add(value);
            }
            else
            {
                foreach (var value in group.IMapUnordered(Enumerable.Range(0, 3), i => { Greenlet.Await(gates[i].Task); return i; }))
                    log.Add(value);
            }
        });
        foreach (var i in (int[])[1, 2, 0])
        {
            var before = log.Count;
            gates[i].SetResult();
            await lane.Until(() => log.Count > before, "its value");
        }

        await lane.For(lane.Bridge.AsTask(taker), "the end");
        Assert.Equal([1, 2, 0], log);
    }

    [Theory, Loops]
    public async Task IMap_LeftEarly_KillsWhatIsUnderWay(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var pool = new GreenletPool(3, lane.Hub);
        var taker = lane.Hub.Spawn(() =>
        {
            foreach (var value in pool.IMap(Enumerable.Range(0, 10), static i => i == 0 ? 0 : TimeoutTests.Forever(i)))
                return value;
            return -1;
        });

        Assert.Equal(0, await lane.For(lane.Bridge.AsTask(taker), "the first value"));
        Assert.True(await lane.For(pool.JoinAsync(), "nothing is left"));
        Assert.Equal(3, pool.FreeCount);
    }

    [Theory, Loops]
    public async Task IMap_ThePoolIsFullOfOthersWork_WaitsForAPlace(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var pool = new GreenletPool(1, lane.Hub);
        var gate = new TaskCompletionSource();
        _ = pool.Spawn(() => gate.Task);
        var taker = lane.Hub.Spawn(() => pool.IMap([1, 2, 3], static i => i).ToList());
        await lane.Until(() => taker.Status == GreenletStatus.Waiting, "it waits for a place");
        gate.SetResult();

        Assert.Equal([1, 2, 3], await lane.For(lane.Bridge.AsTask(taker), "the values"));
    }
}
