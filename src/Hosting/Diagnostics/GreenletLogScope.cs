using System.Collections;

namespace GreenletBridge.Hosting;

/// <summary>The log scope of a greenlet: its number, hub and endpoint, looked up only by a provider that writes them.</summary>
/// <remarks>Of what a request logs in a greenlet that it spawned, the number is that greenlet's.</remarks>
internal sealed class GreenletLogScope(Greenlet greenlet, string endpoint) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 3;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("GreenletId", (Greenlet.Current ?? greenlet).Id),
        1 => new("GreenletHub", (Greenlet.Current ?? greenlet).Hub?.Name),
        2 => new("GreenletEndpoint", endpoint),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"GreenletId:{this[0].Value} GreenletHub:{this[1].Value} GreenletEndpoint:{endpoint}";
}
