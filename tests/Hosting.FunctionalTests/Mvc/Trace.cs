using System.Collections.Concurrent;

namespace GreenletBridge.Hosting.FunctionalTests.Mvc;

/// <summary>Where the stages of an action ran; each has blocked there.</summary>
public sealed class Trace
{
    private readonly ConcurrentQueue<(string Stage, string Hub, long? Greenlet)> _stages = new();

    public IReadOnlyList<(string Stage, string Hub, long? Greenlet)> Stages => [.. _stages];

    /// <summary>Notes the stage, after a wait that only a greenlet's hook turns into a switch.</summary>
    public string Block(string stage)
    {
        Task.Run(static () => Thread.Yield()).Wait();
        var where = WhereAmI.Hub();
        _stages.Enqueue((stage, where, Greenlet.Current?.Id));
        return where;
    }
}
