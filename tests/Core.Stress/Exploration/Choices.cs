namespace GreenletBridge.Core.Stress.Exploration;

/// <summary>Everything that a schedule leaves open is asked of it: one object is one schedule.</summary>
internal abstract class Choices
{
    private readonly List<int> _taken = [];

    /// <summary>What was chosen so far, in order.</summary>
    public IReadOnlyList<int> Taken => _taken;

    /// <summary>One of so many possibilities, from 0.</summary>
    public int Next(int count)
    {
        var choice = count <= 1 ? 0 : Choose(count);
        if (count > 1)
            _taken.Add(choice);
        return choice;
    }

    protected abstract int Choose(int count);
}
