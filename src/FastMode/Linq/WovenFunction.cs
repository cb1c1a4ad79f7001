using System.Collections.Concurrent;

namespace GreenletBridge.FastMode;

/// <summary>A function that is called woven, if its method has a twin.</summary>
internal sealed class WovenFunction<T, TResult>(Func<T, TResult> code)
{
    private static readonly ConcurrentDictionary<DelegateTwin, Func<object?, T, WovenStack, TResult>> _entries = new();

    private readonly Func<object?, T, WovenStack, TResult>? _entry = Delegates.Find(code) is { } twin
        ? _entries.GetOrAdd(twin, static t => Entry.MakeWithArgument<Func<object?, T, WovenStack, TResult>>(t.Method, typeof(T), typeof(TResult)))
        : null;

    public Func<T, TResult> Code => code;

    public TResult Invoke(T argument, WovenStack stack) => _entry is null ? code(argument) : _entry(code.Target, argument, stack);
}
