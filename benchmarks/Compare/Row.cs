namespace GreenletBridge.Benchmarks.Compare;

/// <summary>One comparison: how many operations a second each side does.</summary>
/// <param name="Name">What is compared.</param>
/// <param name="Peer">Who the other is.</param>
/// <param name="Goal">The least ratio of ours to the peer's.</param>
/// <param name="Ours">Does a fixed number of operations and returns how many.</param>
/// <param name="Theirs">The same by the peer's means.</param>
internal sealed record Row(string Name, string Peer, double Goal, Func<Task<long>> Ours, Func<Task<long>> Theirs);
