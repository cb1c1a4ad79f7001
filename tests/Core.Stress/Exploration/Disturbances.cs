namespace GreenletBridge.Core.Stress.Exploration;

/// <summary>What comes over those who wait: kills, cancellations, and the end of their patience.</summary>
internal sealed class Disturbances
{
    private readonly World _world;
    private readonly CancellationToken _token;

    /// <summary>The token is cancelled at some time, in some schedules.</summary>
    public Disturbances(World world)
    {
        _world = world;
        // Not disposed: it holds nothing, and a schedule may cancel it at its very end.
        var source = new CancellationTokenSource();
        _token = source.Token;
        if (world.Pick(2) == 0)
            world.Outside("cancel", source.Cancel);
    }

    /// <summary>Nothing, a limit of some milliseconds of the world's clock, or a token.</summary>
    public (TimeSpan? Timeout, CancellationToken Token) Patience() => _world.Pick(4) switch
    {
        0 => (TimeSpan.FromMilliseconds(_world.Pick(3)), CancellationToken.None),
        1 => (null, _token),
        2 => (TimeSpan.FromMilliseconds(1 + _world.Pick(2)), _token),
        _ => (null, CancellationToken.None),
    };

    /// <summary>Kills some of the greenlets made so far, each at some time.</summary>
    public void KillSome(int atMost)
    {
        for (var kills = _world.Pick(atMost + 1); kills > 0; kills--)
        {
            var victim = _world.Greenlets[_world.Pick(_world.Greenlets.Count)];
            _world.Outside($"kill {victim.Name}", () => victim.Kill());
        }
    }

    /// <summary>Lets the time pass, at some time.</summary>
    public void LetTimePass(int times)
    {
        for (; times > 0; times--)
            _world.Outside("time passes", () => _world.Time.Advance(TimeSpan.FromMilliseconds(1)));
    }

    /// <summary>Whether the exception is how a wait is given up, other than by a kill.</summary>
    public static bool IsImpatience(Exception error) => error is TimeoutException or OperationCanceledException and not GreenletExitException;
}
