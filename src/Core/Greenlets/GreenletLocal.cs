using System.Runtime.CompilerServices;

namespace GreenletBridge;

/// <summary>A value of which each greenlet has its own, gone with the greenlet. Code that is on no greenlet has one for each thread.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <remarks>
/// It belongs to the greenlet, not to what flows: unlike an <see cref="AsyncLocal{T}"/> it is not handed to greenlets that are spawned, and unlike a
/// <see cref="ThreadLocal{T}"/> it is the same after every wait, on whatever thread. Members may be used from any thread; each sees its own value.
/// Values are not disposed.
/// </remarks>
/// <example><code>
/// private static readonly GreenletLocal&lt;StringBuilder&gt; _buffer = new(() => new StringBuilder());
/// ...
/// _buffer.Value.Clear();      // this greenlet's own
/// </code></example>
public sealed class GreenletLocal<T>
{
    // By thread; a local that nobody has any more takes its values along.
    [ThreadStatic]
    private static ConditionalWeakTable<GreenletLocal<T>, Box>? _outside;

    private readonly Func<T>? _factory;

    /// <summary>Makes a local whose values are the type's default until they are set.</summary>
    public GreenletLocal()
    {
    }

    /// <summary>Makes a local whose values are made when they are first asked for.</summary>
    /// <param name="factory">Called once a greenlet, on it; it may wait. When it throws, the next access calls it again.</param>
    /// <exception cref="ArgumentNullException"><paramref name="factory"/> is null.</exception>
    public GreenletLocal(Func<T> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        _factory = factory;
    }

    /// <summary>Whether the calling greenlet has a value: it was set or made.</summary>
    public bool HasValue => Find() is { IsMaking: false };

    /// <summary>The calling greenlet's value.</summary>
    /// <exception cref="InvalidOperationException">The factory asks for the value that it is to make.</exception>
    public T Value
    {
        get => Find() is { IsMaking: false } box ? box.Value : Make();
        set
        {
            if (Find() is { IsMaking: false } box)
                box.Value = value;
            else
                Keep(new Box { Value = value });
        }
    }

    /// <summary>Forgets the calling greenlet's value; the factory makes a new one when it is asked for.</summary>
    public void Clear() => Keep(null);

    private Box? Find()
    {
        if (Greenlet.Current is { } greenlet)
            return (Box?)greenlet.FindLocal(this);
        Box? box = null;
        _outside?.TryGetValue(this, out box);
        return box;
    }

    private void Keep(Box? box)
    {
        if (Greenlet.Current is { } greenlet)
            greenlet.KeepLocal(this, box);
        else if (box is null)
            _outside?.Remove(this);
        else
            (_outside ??= []).AddOrUpdate(this, box);
    }

    private T Make()
    {
        if (_factory is null)
            return default!;
        if (Find() is not null)
            throw new InvalidOperationException($"The factory of a GreenletLocal<{typeof(T).Name}> asks for the value that it is to make. Return the value instead.");
        Keep(new Box { IsMaking = true });
        try
        {
            var box = new Box { Value = _factory() };
            Keep(box);
            return box.Value;
        }
        catch
        {
            Keep(null);
            throw;
        }
    }

    private sealed class Box
    {
        internal T Value = default!;
        internal bool IsMaking;
    }
}
