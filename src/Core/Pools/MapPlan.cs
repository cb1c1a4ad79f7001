namespace GreenletBridge;

/// <summary>What a lazy map was asked for.</summary>
internal sealed record MapPlan<TItem>(GreenletGroup Group, IEnumerable<TItem> Items, int Bound, bool Ordered);
