using GreenletBridge.Core.Tests.Blocking;

namespace GreenletBridge.Drivers.Tests.Catalogue;

/// <summary>One row of the catalogue: a call that blocks, and what is promised of it.</summary>
/// <param name="Name">The call, as code has it.</param>
/// <param name="Make">Makes a fresh scene.</param>
/// <param name="Others">When other greenlets of the hub run.</param>
/// <param name="KillEnds">Whether a kill ends the wait; else it is thrown at the next one.</param>
/// <param name="Advice">What to do about it.</param>
internal sealed record CallUnderTest(string Name, Func<BlockingScene> Make, OthersRun Others, bool KillEnds, string Advice)
{
    internal string Row => $"| {Name} | {OthersText} | {(KillEnds ? "ends it" : "waits for its end")} | {Advice} |";

    private string OthersText => Others switch
    {
        OthersRun.AtOnce => "at once",
        OthersRun.WhenFoundBlocked => "1 to 2 ms later",
        _ => "after `MaxBlockingTime`",
    };
}
