namespace GreenletBridge.Core.Toolbox;

/// <summary>A pool as a plain sequential program sees it.</summary>
internal sealed class PoolModel(int size)
{
    /// <summary>The numbers of those that hold a place, in the order in which they got it.</summary>
    public List<int> Running { get; } = [];

    /// <summary>Those that wait for a place, longest first, with when they give up.</summary>
    public List<(int Number, TimeSpan Due)> Waiting { get; } = [];

    /// <summary>Everything that ever got a place.</summary>
    public List<int> Started { get; } = [];

    public int Free => size - Running.Count;

    public void Spawn(int number, TimeSpan due)
    {
        if (Free > 0)
            Start(number);
        else
            Waiting.Add((number, due));
    }

    /// <summary>It has ended, however, or was let go.</summary>
    public void Leave(int number)
    {
        if (!Running.Remove(number) || Waiting.Count == 0)
            return;
        var next = Waiting[0].Number;
        Waiting.RemoveAt(0);
        Start(next);
    }

    /// <summary>It waits no more: killed or cancelled.</summary>
    public void GiveUp(int number) => Waiting.RemoveAll(waiting => waiting.Number == number);

    public void Pass(TimeSpan now) => Waiting.RemoveAll(waiting => waiting.Due <= now);

    private void Start(int number)
    {
        Running.Add(number);
        Started.Add(number);
    }
}
