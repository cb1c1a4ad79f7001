namespace GreenletBridge.Core.Stress.Exploration;

/// <summary>A schedule that a number stands for.</summary>
internal sealed class SeededChoices(int seed) : Choices
{
    private readonly Random _random = new(seed);

    protected override int Choose(int count) => _random.Next(count);
}
