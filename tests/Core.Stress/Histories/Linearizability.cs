namespace GreenletBridge.Core.Stress.Histories;

/// <summary>Whether the calls of a history could have happened one after the other, each at some point between its begin and its end.</summary>
internal static class Linearizability
{
    /// <param name="history">At most 62 calls that ended, those that were given up left out.</param>
    /// <param name="start">The primitive's state at the beginning; compared by value.</param>
    /// <param name="step">The state after a call with this result; null when the call could not have had it in that state.</param>
    public static bool Holds<TState>(IReadOnlyList<Operation> history, TState start, Func<TState, Operation, TState?> step)
        where TState : class, IEquatable<TState>
    {
        var calls = history.Where(static call => call is { IsGivenUp: false, Ended: not null }).OrderBy(static call => call.Began).ToArray();
        return Search(calls, 0, start, step, []);
    }

    private static bool Search<TState>(Operation[] calls, long done, TState state, Func<TState, Operation, TState?> step, HashSet<(long, TState)> seen)
        where TState : class, IEquatable<TState>
    {
        if (done == (1L << calls.Length) - 1)
            return true;
        if (!seen.Add((done, state)))
            return false;
        // Next can be whoever began before any of those left had ended.
        var firstEnd = int.MaxValue;
        for (var i = 0; i < calls.Length; i++)
        {
            if ((done & (1L << i)) == 0)
                firstEnd = Math.Min(firstEnd, calls[i].Ended!.Value);
        }

        for (var i = 0; i < calls.Length; i++)
        {
            if ((done & (1L << i)) != 0 || calls[i].Began > firstEnd)
                continue;
            if (step(state, calls[i]) is { } next && Search(calls, done | (1L << i), next, step, seen))
                return true;
        }

        return false;
    }
}
