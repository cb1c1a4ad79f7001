namespace WebApi.Features;

/// <summary>What was sold on one day.</summary>
internal sealed record DayRevenue(string Day, long Orders, long Cents);
