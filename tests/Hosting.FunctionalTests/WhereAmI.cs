namespace GreenletBridge.Hosting.FunctionalTests;

/// <summary>Handlers that tell where they run.</summary>
internal static class WhereAmI
{
    /// <summary>Name of the hub; <c>none</c> outside a greenlet.</summary>
    public static string Hub() => Greenlet.Current?.Hub?.Name ?? "none";

    /// <summary>Name of the hub, <c>once</c> or <c>twice</c>, by whether the greenlet was started by another one.</summary>
    public static string HowOften() => Greenlet.Current is not { } current ? "none" : current.SpawningGreenlet is null ? "once" : "twice";
}
