using System.Runtime.CompilerServices;

namespace GreenletBridge.Benchmarks.WovenCode;

/// <summary>Blocking code that the build weaves: called by greenlets it runs woven, called directly as it stands here.</summary>
public static class Bodies
{
    private const int Depth = 10;
    private static readonly ManualResetEventSlim _never = new();
    private static readonly string[] _words = ["alpha", "beta", "gamma", "delta"];

    /// <summary>A handler that waits for a second.</summary>
    public static void SleepSecond() => Thread.Sleep(1_000);

    /// <summary>A handler that waits ten calls deep until it is killed.</summary>
    public static void WaitDeep() => Sleep(Depth);

    /// <summary>Yields in the innermost of ten calls.</summary>
    /// <param name="times">How often.</param>
    public static Action YieldInside(int times) => () => Inside(Depth, times);

    /// <summary>Calls ten deep for each yield: all frames are left and entered again.</summary>
    /// <param name="times">How often.</param>
    public static Action YieldThrough(int times) => () =>
    {
        for (var i = 0; i < times; i++)
            Through(Depth);
    };

    /// <summary>Works on strings, ten calls deep, and could wait there but never does.</summary>
    /// <param name="times">How often.</param>
    public static Func<int> WorkWoven(int times) => () => Work(times);

    /// <summary>As <see cref="WorkWoven"/>, for a plain call.</summary>
    /// <param name="times">How often.</param>
    public static int Work(int times)
    {
        var sum = 0;
        for (var i = 0; i < times; i++)
            sum += Words(Depth, i).Length;
        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Sleep(int depth)
    {
        if (depth > 1)
            return Sleep(depth - 1) + 1;
        Thread.Sleep(1_000_000);
        return 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Inside(int depth, int times)
    {
        if (depth > 1)
            return Inside(depth - 1, times) + 1;
        for (var i = 0; i < times; i++)
            Thread.Yield();
        return 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Through(int depth)
    {
        if (depth > 1)
            return Through(depth - 1) + 1;
        Thread.Yield();
        return 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string Words(int depth, int seed)
    {
        if (depth > 1)
        {
            var inner = Words(depth - 1, seed + 1);
            return string.Concat(_words[(seed + depth) % _words.Length], inner.AsSpan(0, Math.Min(inner.Length, 20)));
        }

        if (seed < 0)
            _never.Wait();
        return _words[seed % _words.Length];
    }
}
