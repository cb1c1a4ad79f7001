using System.Reflection;

namespace GreenletBridge;

/// <summary>A kind of work that keeps blocking where the hub does not see it: on a hub that hands off it begins without the baton, but for a run a second.</summary>
/// <remarks>Two detections without a clean run between them make it known; a dozen clean runs at most, and it is forgotten.</remarks>
public sealed record KnownBlocker
{
    private KnownBlocker()
    {
    }

    /// <summary>The endpoint where there is one, else the method of the greenlet's body: as <see cref="Blockage.Key"/> says it.</summary>
    public required string Key { get; init; }

    /// <summary>How long it has been known.</summary>
    public required TimeSpan KnownFor { get; init; }

    /// <summary>How often the watchdog has found it blocked: on all hubs together where its kind has a <see cref="WorkProfile"/>.</summary>
    public required long Detections { get; init; }

    internal static IReadOnlyList<KnownBlocker> Of(BlockingHistory history) =>
        [.. history.KnownUnseen().Select(static known => Of(known.Kind, known.Unseen)).OrderByDescending(static known => known.KnownFor)];

    private static KnownBlocker Of(object kind, UnseenBlocking unseen) => new()
    {
        Key = kind is WorkProfile profile ? profile.Name : MethodText.Of((MethodInfo)kind),
        KnownFor = unseen.KnownFor,
        Detections = unseen.Detections,
    };
}
