using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <summary>A protected block with all its handlers; instructions by number.</summary>
internal sealed class TryRegion(int start, int end)
{
    public int Start => start;

    /// <summary>Behind the last one.</summary>
    public int End => end;

    public List<ExceptionHandler> Handlers { get; } = [];

    public bool Contains(int index) => index >= start && index < end;
}
