namespace GreenletBridge.Benchmarks.Http;

/// <summary>Two paths under the same steady load.</summary>
/// <param name="Connections">Of wrk.</param>
/// <param name="Ours">In greenlets.</param>
/// <param name="Reference">The same without.</param>
/// <param name="Rate">Least ratio of the requests a second; null: shown only.</param>
/// <param name="P99">Greatest ratio of the 99th percentiles of the latency; null: shown only.</param>
internal sealed record SteadyPair(int Connections, string Ours, string Reference, double? Rate, double? P99 = null);
