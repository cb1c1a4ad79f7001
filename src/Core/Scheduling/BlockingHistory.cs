using System.Collections.Concurrent;
using System.Reflection;

namespace GreenletBridge;

/// <summary>Which code has blocked a thread that is no carrier: the next time it runs on one. Any thread may use it.</summary>
/// <remarks>The key is the delegate's method: the lambda at one place in the source, whatever it has captured.</remarks>
internal sealed class BlockingHistory
{
    private readonly ConcurrentDictionary<MethodInfo, bool> _methods = new();
    private bool _any;

    internal void Add(Delegate? code)
    {
        if (code is null)
            return;
        _methods.TryAdd(code.Method, true);
        Volatile.Write(ref _any, true);
    }

    // Most hubs have none: a delegate's method is looked up by reflection the first time.
    internal bool Contains(Delegate code) => Volatile.Read(ref _any) && _methods.ContainsKey(code.Method);
}
