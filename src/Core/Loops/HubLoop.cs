namespace GreenletBridge;

/// <summary>What drives a hub when none of its greenlets runs.</summary>
public enum HubLoop
{
    /// <summary>The engine's own threads: the default.</summary>
    Threads = 0,

    /// <summary>.NET's scheduler: an idle hub holds no thread, async code runs on the thread pool (or a given scheduler), blocking bodies on carriers.</summary>
    Scheduler = 1,
}
