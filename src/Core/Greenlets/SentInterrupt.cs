namespace GreenletBridge;

/// <summary>To whom an interrupt was sent: a thread, and the period of its gate, of which each thread counts its own.</summary>
internal sealed record SentInterrupt(Runner Runner, long Period);
