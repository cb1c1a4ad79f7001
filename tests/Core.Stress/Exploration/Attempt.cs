namespace GreenletBridge.Core.Stress.Exploration;

/// <summary>What a program does that may be broken off.</summary>
internal static class Attempt
{
    /// <summary>Whether it came to its end, rather than ran out of time or was cancelled. A kill goes through.</summary>
    public static async Task<bool> Of(World world, string name, Func<Task> action)
    {
        try
        {
            await action();
            world.Note($"{name} done");
            return true;
        }
        catch (Exception error) when (Disturbances.IsImpatience(error))
        {
            world.Note($"{name} given up");
            return false;
        }
    }
}
