using GreenletBridge.Core.Stress.Exploration;

namespace GreenletBridge.Core.Stress.Pools;

/// <summary>Counts those who are inside of some code.</summary>
internal sealed class Crowd(World world)
{
    public int Inside { get; private set; }

    public int Most { get; private set; }

    public int Entered { get; private set; }

    /// <summary>Some code that waits now and then, and whose end is counted however it ends.</summary>
    public async Task<int> Pass(int value, bool fails = false)
    {
        Entered++;
        Most = Math.Max(Most, ++Inside);
        try
        {
            for (var yields = world.Pick(2); yields > 0; yields--)
                await Greenlet.YieldAsync();
            if (fails)
                throw new DeliberateException(value);
            await Greenlet.SleepAsync(TimeSpan.FromMilliseconds(world.Pick(3)));
            return value;
        }
        finally
        {
            Inside--;
        }
    }
}
