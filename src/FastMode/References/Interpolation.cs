using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace GreenletBridge.FastMode;

/// <summary>What an interpolated string has taken so far, while a hole of it waits. Woven code keeps it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Interpolation
{
    private readonly string _text;
    private readonly IFormatProvider? _provider;

    private Interpolation(string text, IFormatProvider? provider)
    {
        _text = text;
        _provider = provider;
    }

    /// <summary>Takes everything out of the handler; its memory goes back to the pool.</summary>
    /// <param name="handler">May be one that has not begun, or has ended.</param>
    public static Interpolation Save(ref DefaultInterpolatedStringHandler handler)
    {
        var provider = Provider(ref handler);
        return new Interpolation(handler.ToStringAndClear(), provider);
    }

    /// <summary>A handler that goes on where the other was.</summary>
    /// <param name="saved">What it had taken.</param>
    public static DefaultInterpolatedStringHandler Load(Interpolation saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        var handler = new DefaultInterpolatedStringHandler(saved._text.Length, 1, saved._provider);
        handler.AppendLiteral(saved._text);
        return handler;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_provider")]
    private static extern ref IFormatProvider? Provider(ref DefaultInterpolatedStringHandler handler);
}
