using Xunit.Sdk;

namespace GreenletBridge.Core.Stress.Exploration;

/// <summary>Runs a program under many schedules. A failure says which, and how to run that one again.</summary>
internal static class Explorer
{
    // What a run in continuous integration can afford; the long form sets the variable.
    private const int FewSchedules = 300;

    /// <summary>So many schedules a program: the environment variable SCHEDULES.</summary>
    public static int Schedules { get; } = FromEnvironment("SCHEDULES") ?? FewSchedules;

    /// <summary>The first schedule's number: the environment variable SEED.</summary>
    public static int FirstSeed { get; } = FromEnvironment("SEED") ?? 1;

    /// <summary>Runs seeded schedules.</summary>
    /// <param name="program">Fills the world and gives back what is checked at the end.</param>
    /// <param name="allowed">Errors with which greenlets may end.</param>
    public static void Explore(Func<World, Action> program, Func<Exception, bool>? allowed = null)
    {
        for (var i = 0; i < Schedules; i++)
        {
            var seed = FirstSeed + i;
            Run(new SeededChoices(seed), program, $"SEED={seed} SCHEDULES=1 runs this schedule again.", allowed);
        }
    }

    /// <summary>Runs every schedule of a small program.</summary>
    /// <param name="atMost">More schedules than this are an error of the test's: the program is too large.</param>
    /// <param name="program">As in <see cref="Explore"/>.</param>
    /// <param name="allowed">Errors with which greenlets may end.</param>
    /// <returns>How many there were.</returns>
    public static int ExploreAll(int atMost, Func<World, Action> program, Func<Exception, bool>? allowed = null)
    {
        var count = 0;
        for (var choices = new ListedChoices(); choices is not null; choices = choices.Following())
        {
            if (++count > atMost)
                throw new InvalidOperationException($"More than {atMost} schedules: make the program smaller.");
            Run(choices, program, $"It is schedule {count} of the exhaustive list.", allowed);
        }

        return count;
    }

    private static void Run(Choices choices, Func<World, Action> program, string again, Func<Exception, bool>? allowed = null)
    {
        var world = new World(choices);
        try
        {
            var check = program(world);
            world.Run();
            check();
            foreach (var greenlet in world.Greenlets)
            {
                if (greenlet.Status == GreenletStatus.Faulted && allowed?.Invoke(greenlet.Exception!) != true)
                    throw new InvalidOperationException($"{greenlet} failed.", greenlet.Exception);
            }

            if (world.Hub.Snapshot() is not { Active: 0, Queued: 0 } and var left)
                throw new InvalidOperationException($"Something is left over:{Environment.NewLine}{left}");
        }
        catch (Exception error)
        {
            throw new XunitException(
                $"{error.Message}{Environment.NewLine}{again}{Environment.NewLine}What happened: {string.Join("; ", world.Log)}{Environment.NewLine}Choices: {string.Join(' ', choices.Taken)}",
                error);
        }
    }

    private static int? FromEnvironment(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : null;
}
