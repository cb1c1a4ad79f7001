namespace GreenletBridge;

/// <summary>A part of async code that is known wherever it goes on: something may be raised in it and not in what runs beside it, or it holds a lock.</summary>
/// <remarks>Flows with the code's ExecutionContext, so the waits that a scope has begun are known by what flowed into them.</remarks>
internal sealed class FlowScope
{
    private static readonly AsyncLocal<FlowScope?> _current = new();

    private readonly FlowScope? _outer;
    private volatile bool _left;

    private FlowScope(FlowScope? outer, Runner? stack)
    {
        _outer = outer;
        Stack = stack;
    }

    /// <summary>The thread on whose stack it lies until it is left; null when it may be suspended.</summary>
    internal Runner? Stack { get; }

    /// <summary>The innermost one that the calling code is in.</summary>
    internal static FlowScope? Current => _current.Value;

    /// <summary>The calling code enters a new one.</summary>
    internal static FlowScope Enter(Runner? stack)
    {
        var outer = _current.Value;
        // Those that were left elsewhere must not be kept by a loop that enters one after the other.
        while (outer is { _left: true })
            outer = outer._outer;
        var scope = new FlowScope(outer, stack);
        _current.Value = scope;
        return scope;
    }

    /// <summary>The calling code is still in <paramref name="scope"/>, although it goes on with the context of other code.</summary>
    internal static void Keep(FlowScope? scope)
    {
        if (_current.Value != scope)
            _current.Value = scope;
    }

    /// <summary>Left, wherever it was entered.</summary>
    internal void Leave()
    {
        _left = true;
        if (_current.Value == this)
            _current.Value = _outer;
    }

    /// <summary>Whether it lies in <paramref name="other"/>, or is it.</summary>
    internal bool IsIn(FlowScope other)
    {
        for (var scope = this; scope is not null; scope = scope._outer)
        {
            if (scope == other)
                return true;
        }

        return false;
    }
}
