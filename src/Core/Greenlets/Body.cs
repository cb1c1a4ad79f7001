namespace GreenletBridge;

/// <summary>What a greenlet runs: something that is resumed and goes on until it ends or suspends.</summary>
internal abstract class Body : WorkItem
{
    internal Greenlet Greenlet { get; set; } = null!;

    /// <summary>Whether it needs a thread of its own while it waits.</summary>
    internal abstract bool IsBlocking { get; }

    internal override bool RunsOnScheduler => !IsBlocking;

    internal override Runner? Target => Greenlet.Home is { IsHome: true } home ? home : null;

    /// <summary>Runs the user's delegate from the start, in a segment of the greenlet.</summary>
    internal abstract void Invoke();

    internal sealed override void Run(Runner runner) => Greenlet.Begin(runner);
}
