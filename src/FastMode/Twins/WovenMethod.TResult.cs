using System.Reflection;

namespace GreenletBridge.FastMode;

/// <summary>A woven method with a value.</summary>
internal sealed class WovenMethod<T> : WovenMethod
{
    private readonly Func<object?, object?[], WovenStack, T> _entry;

    internal WovenMethod(MethodInfo twin) => _entry = Entry.MakeWithArguments<Func<object?, object?[], WovenStack, T>>(twin, typeof(T));

    public override ValueTask<object?> InvokeAsync(object? target, object?[] arguments) => new CallStack<T>(CurrentGreenlet()).Begin(_entry, target, arguments);
}
