namespace GreenletBridge.Core.Stress.Exploration;

/// <summary>All schedules of a small case, one after the other, depth first.</summary>
internal sealed class ListedChoices : Choices
{
    private readonly List<(int Choice, int Count)> _path;
    private int _depth;

    /// <summary>The first schedule.</summary>
    public ListedChoices()
        : this([])
    {
    }

    private ListedChoices(List<(int Choice, int Count)> path) => _path = path;

    /// <summary>The schedule after this one, which has run; null when it was the last.</summary>
    public ListedChoices? Following()
    {
        var path = _path[.._depth];
        while (path.Count > 0)
        {
            var (choice, count) = path[^1];
            path.RemoveAt(path.Count - 1);
            if (choice + 1 < count)
            {
                path.Add((choice + 1, count));
                return new ListedChoices(path);
            }
        }

        return null;
    }

    protected override int Choose(int count)
    {
        if (_depth == _path.Count)
            _path.Add((0, count));
        else if (_path[_depth].Count != count)
            throw new InvalidOperationException($"The program is not deterministic: choice {_depth} had {_path[_depth].Count} possibilities, now it has {count}.");
        return _path[_depth++].Choice;
    }
}
