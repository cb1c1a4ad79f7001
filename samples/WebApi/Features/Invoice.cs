namespace WebApi.Features;

/// <summary>An invoice for an order.</summary>
public sealed record Invoice(int Number, string Customer, long Cents);
