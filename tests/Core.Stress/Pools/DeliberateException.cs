namespace GreenletBridge.Core.Stress.Pools;

/// <summary>A failure that the program means, with a number to know it by.</summary>
internal sealed class DeliberateException(int number) : Exception($"failure {number}")
{
    public int Number { get; } = number;
}
