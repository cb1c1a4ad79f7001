namespace GreenletBridge;

/// <summary>Waits out the few instructions that another thread is away from its goal.</summary>
/// <remarks>
/// Not <see cref="SpinWait"/>: that sleeps now and then (Sleep(0) too), and a sleep is what a kill interrupts. The exception would
/// tear the engine's own state.
/// </remarks>
internal struct EngineSpin
{
    // With two processors or more the other thread may be running; afterwards it is likelier to be preempted.
    private const int Busy = 10;

    private int _count;

    internal void Once()
    {
        if (_count < Busy && Environment.ProcessorCount > 1)
            Thread.SpinWait(4 << Math.Min(_count, 5));
        else
            Thread.Yield();
        _count++;
    }
}
