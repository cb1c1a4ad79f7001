using GreenletBridge.Core.Tests.Blocking;

namespace GreenletBridge.Drivers.Tests.Catalogue;

/// <summary>Shorthands for scenes.</summary>
internal static class Scenes
{
    internal static BlockingScene Of(Action block, Action end, params IDisposable[] resources)
    {
        var scene = new BlockingScene { Block = block, End = end };
        foreach (var resource in resources)
            scene.Own(resource);
        return scene;
    }

    /// <summary>The block is written in terms of a flag that its end sets.</summary>
    internal static BlockingScene OfFlag(Action<Func<bool>> block)
    {
        var isOver = false;
        return Of(() => block(() => Volatile.Read(ref isOver)), () => Volatile.Write(ref isOver, true));
    }
}
