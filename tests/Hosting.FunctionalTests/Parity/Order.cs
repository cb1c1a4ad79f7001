using System.ComponentModel.DataAnnotations;

namespace GreenletBridge.Hosting.FunctionalTests.Parity;

/// <summary>What the suite sends.</summary>
public sealed class Order
{
    [Range(1, 1000)]
    public int Id { get; set; }

    [Required, StringLength(10)]
    public string? Name { get; set; }
}
