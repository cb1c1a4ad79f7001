using GreenletBridge.Core.Tests.Blocking;

namespace GreenletBridge.Drivers.Tests.Catalogue;

/// <summary>What the runtime tells the wait hook of.</summary>
internal static class SeenCalls
{
    private const string Nothing = "nothing to do";

    internal static IReadOnlyList<CallUnderTest> All { get; } =
    [
        .. BlockingCalls.All.Select(static call => new CallUnderTest(
            $"`{call.Name}`", call.Make, OthersRun.AtOnce, call.UnreachedByKill is null, call.UnreachedByKill is null ? Nothing : AdviceFor(call.Name))),
        new("`Parallel.For`, waiting for its other branches", ParallelFor, OthersRun.AtOnce, true, "its branches run on the thread pool: if they block, greenlets and a join instead"),
        new("PLINQ, waiting for its other branches", Plinq, OthersRun.AtOnce, true, "as `Parallel.For`"),
    ];

    private static string AdviceFor(string name) => name.StartsWith("Mutex", StringComparison.Ordinal)
        ? "wait with a timeout, in a loop"
        : "leave it to the collector";

    private static BlockingScene ParallelFor()
    {
        var gate = new ManualResetEventSlim();
        return Scenes.Of(() => Parallel.For(0, 2, Branch(gate)), gate.Set);
    }

    private static BlockingScene Plinq()
    {
        var gate = new ManualResetEventSlim();
        var branch = Branch(gate);
        return Scenes.Of(() => ParallelEnumerable.Range(0, 2).WithDegreeOfParallelism(2).ForAll(branch), gate.Set);
    }

    /// <summary>The greenlet's own branch ends when another thread is in its own and waits.</summary>
    private static Action<int> Branch(ManualResetEventSlim gate)
    {
        var isElsewhere = false;
        return _ =>
        {
            if (Greenlet.Current is null)
            {
                Volatile.Write(ref isElsewhere, true);
                gate.Wait();
                return;
            }

            while (!Volatile.Read(ref isElsewhere))
                Thread.SpinWait(20);
        };
    }
}
