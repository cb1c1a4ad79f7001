using System.Collections;

namespace GreenletBridge;

/// <summary>Takes the values of a lazy map, waiting cooperatively. Written by hand, because one that throws has to go on.</summary>
internal sealed class MapEnumerator<TItem, TResult>(GreenletGroup group, MapRun<TItem, TResult> run) : IEnumerator<TResult>
{
    private TResult _current = default!;

    public TResult Current => _current;

    object? IEnumerator.Current => _current;

    public bool MoveNext()
    {
        while (true)
        {
            if (run.NeedsPlace())
            {
                group.Begin(run.Next!, CancellationToken.None);
                run.Began();
            }

            if (run.TakeDone() is { } done)
            {
                _current = done.ResultOrThrow();
                return true;
            }

            if (run.IsOver)
                return false;
            Waits.Block(run, null);
        }
    }

    public void Reset() => throw new NotSupportedException("A map cannot be taken again from the start by the same enumerator: enumerate it once more.");

    public void Dispose() => run.Dispose();
}
