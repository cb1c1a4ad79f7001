using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace GreenletBridge.Hosting.Tests.Diagnostics;

/// <summary>Blockages as the watchdog finds and reports them.</summary>
internal static class Blocked
{
    /// <summary>One that has been reported and has not ended.</summary>
    public static Blockage On(Hub hub, BlockageKind kind = BlockageKind.Unseen, string work = "GET /slow", bool handedOff = false)
    {
        var blockage = new Blockage(hub, hub.Create(() => { }), work, kind, isSilent: false, Stopwatch.GetTimestamp());
        ((IHeldSegment)blockage).Report(handedOff);
        return blockage;
    }

    /// <summary>A whole one.</summary>
    public static Blockage Happens(Hub hub, string work = "GET /slow")
    {
        var blockage = On(hub, work: work);
        EndAtA(blockage);
        return blockage;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void EndAtA(Blockage blockage) => ((IHeldSegment)blockage).End();

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void EndAtB(Blockage blockage) => ((IHeldSegment)blockage).End();
}
