using System.Reflection;

namespace GreenletBridge.FastMode;

/// <summary>A woven method with a value.</summary>
internal sealed class WovenMethod<T> : WovenMethod
{
    private readonly Func<object?, object?[], WovenStack, T> _entry;

    internal WovenMethod(MethodInfo twin) => _entry = Entry.MakeWithArguments<Func<object?, object?[], WovenStack, T>>(twin, typeof(T));

    public override ValueTask<object?> InvokeAsync(object? target, object?[] arguments)
    {
        var value = new CallStack<T>(CurrentGreenlet()).Begin(_entry, target, arguments);
        return value.IsCompletedSuccessfully ? new ValueTask<object?>(value.Result) : Box(value);
    }

    private static async ValueTask<object?> Box(ValueTask<T> value) => await value.ConfigureAwait(true);
}
