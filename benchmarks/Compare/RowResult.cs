using System.Text.Json.Serialization;

namespace GreenletBridge.Benchmarks.Compare;

/// <summary>What was measured for a row; the names are those of artifacts/compare.json.</summary>
internal sealed record RowResult(
    [property: JsonPropertyName("row")] string Row,
    [property: JsonPropertyName("ours")] double Ours,
    [property: JsonPropertyName("peer")] string Peer,
    [property: JsonPropertyName("peerValue")] double PeerValue,
    [property: JsonPropertyName("unit")] string Unit,
    [property: JsonPropertyName("ratio")] double Ratio,
    [property: JsonPropertyName("spread")] double Spread,
    [property: JsonPropertyName("goal")] double Goal,
    [property: JsonPropertyName("met")] bool Met,
    [property: JsonPropertyName("oursBytes")] double OursBytes);
