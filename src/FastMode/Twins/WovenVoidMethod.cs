using System.Reflection;

namespace GreenletBridge.FastMode;

/// <summary>A woven method without a value.</summary>
internal sealed class WovenVoidMethod : WovenMethod
{
    private readonly Action<object?, object?[], WovenStack> _entry;

    internal WovenVoidMethod(MethodInfo twin) => _entry = Entry.MakeWithArguments<Action<object?, object?[], WovenStack>>(twin, typeof(void));

    public override ValueTask<object?> InvokeAsync(object? target, object?[] arguments) => new CallStack(CurrentGreenlet()).Begin(_entry, target, arguments);
}
