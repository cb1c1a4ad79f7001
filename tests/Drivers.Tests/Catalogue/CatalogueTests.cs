using System.Diagnostics;
using GreenletBridge.Drivers.Tests.Support;

namespace GreenletBridge.Drivers.Tests.Catalogue;

/// <summary>Every kind of blocking call on a hub that hands off: what the others get, and what a kill does.</summary>
public sealed class CatalogueTests(ITestOutputHelper output)
{
    // The doc names what a quiet machine takes. This says only that nobody waits for the end of the call, whoever else uses the machine
    private static readonly TimeSpan _least = TimeSpan.FromMilliseconds(1_500);

    public static TheoryData<string, string> Calls
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var table in CatalogueTables.All)
            {
                for (var i = 0; i < table.Calls.Count; i++)
                    data.Add(table.Name, $"{i}: {table.Calls[i].Name}");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_OneGreenletBlocks_OthersOfItsHubRun(string table, string name)
    {
        var call = CatalogueTables.Find(table, name);
        await using var hub = new DriverHub();
        using var scene = call.Make();
        var letGo = new TaskCompletionSource();
        var holder = await Hold(hub, scene, letGo);
        long begun = 0;
        long ran = 0;
        var isPast = false;

        var blocked = hub.Spawn(() =>
        {
            Volatile.Write(ref begun, Stopwatch.GetTimestamp());
            scene.Block();
            Volatile.Write(ref isPast, true);
        });
        await hub.Until(() => Volatile.Read(ref begun) != 0, "the call to begin");
        var other = hub.Spawn(() => Volatile.Write(ref ran, Stopwatch.GetTimestamp()));
        await hub.Ends(other);

        Assert.False(Volatile.Read(ref isPast), "the call ended before another greenlet ran: nothing was shown");
        var later = Stopwatch.GetElapsedTime(begun, ran);
        output.WriteLine($"{call.Name}: another greenlet ran {later.TotalMilliseconds:F1} ms later");
        Assert.InRange(later, TimeSpan.Zero, _least);
        if (call.Others == OthersRun.AtOnce)
            await hub.Until(() => IsSeen(blocked), $"{call.Name} to be seen as a wait");
        else
            Assert.False(IsSeen(blocked), $"the hub does see {call.Name}");
        scene.End?.Invoke();
        letGo.TrySetResult();
        await hub.Ends(blocked);
        blocked.Get();
        if (holder is not null)
            await hub.Ends(holder);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_GreenletIsKilled_EndsThereOrAtItsNextWait(string table, string name)
    {
        var call = CatalogueTables.Find(table, name);
        await using var hub = new DriverHub();
        using var scene = call.Make();
        var letGo = new TaskCompletionSource();
        var holder = await Hold(hub, scene, letGo);
        var isBegun = false;
        var isPast = false;
        var blocked = hub.Spawn(() =>
        {
            Volatile.Write(ref isBegun, true);
            scene.Block();
            Volatile.Write(ref isPast, true);
            Greenlet.Sleep(Timeout.Infinite);
        });
        await hub.Until(() => Volatile.Read(ref isBegun), "the call to begin");
        await hub.Run(static () => { });
        if (call.Others == OthersRun.AtOnce)
            await hub.Until(() => IsSeen(blocked), $"{call.Name} to be seen as a wait");

        blocked.Kill();
        if (!call.KillEnds)
        {
            // Looked at while the call still lasts: its end is only now allowed
            await hub.Until(
                () => hub.Hub.Snapshot().Greenlets.Any(greenlet => greenlet.Id == blocked.Id && greenlet.IsKillPending), "the snapshot to say that the kill is pending");
            scene.End?.Invoke();
            letGo.TrySetResult();
        }

        await hub.Ends(blocked);

        Assert.Equal(GreenletStatus.Killed, blocked.Status);
        if (call.KillEnds)
            Assert.False(Volatile.Read(ref isPast));
        if (call.KillEnds)
            scene.End?.Invoke();
        letGo.TrySetResult();
        if (holder is not null)
            await hub.Ends(holder);
    }

    [Fact]
    public void Tables_OfTheDocs_AreTheTestedOnes()
    {
        var path = Repository.PathOf("docs/blocking.md");
        var text = File.ReadAllText(path);

        var expected = CatalogueTables.WriteInto(text);

        if (Environment.GetEnvironmentVariable("UPDATE_TABLES") == "1")
            File.WriteAllText(path, expected);
        else
            Assert.True(expected == text, "docs/blocking.md is not what the tests hold: run them with UPDATE_TABLES=1 and commit the file.");
    }

    private static bool IsSeen(Greenlet greenlet) =>
        greenlet.Hub!.Snapshot().Greenlets.Any(one => one.Id == greenlet.Id && one.WaitingFor is not null);

    private static async Task<Greenlet?> Hold(DriverHub hub, Core.Tests.Blocking.BlockingScene scene, TaskCompletionSource letGo)
    {
        if (scene.Hold is not { } hold)
            return null;
        var holder = hub.Spawn(() => hold(() => Greenlet.Await(letGo.Task)));
        await hub.Waits(holder);
        return holder;
    }
}
