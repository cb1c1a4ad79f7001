namespace GreenletBridge.Hosting.FunctionalTests.Requests;

/// <summary>How many requests ended in which way.</summary>
internal sealed record Ends(int Left, int TimedOut, int Finished);
