namespace GreenletBridge.Hosting;

/// <summary>A hub's figures at one moment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Running">Whether it takes work.</param>
/// <param name="Loop">What drives it.</param>
/// <param name="Exclusive">Whether it promises one segment at a time.</param>
/// <param name="Load">Share of the last interval in which it had something to run.</param>
/// <param name="Lag">Milliseconds that work waits for its turn.</param>
/// <param name="Queued">Work that is ready and waits.</param>
/// <param name="Active">Greenlets that have begun and not ended.</param>
/// <param name="Waiting">Those of them that wait.</param>
/// <param name="BusyFor">Milliseconds that the running segment has taken so far.</param>
internal sealed record HubPoint(
    string Name, bool Running, string Loop, bool Exclusive, double Load, double Lag, int Queued, int Active, int Waiting, double BusyFor);
