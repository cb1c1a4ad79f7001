using System.Collections.Concurrent;
using System.Reflection;

namespace GreenletBridge;

/// <summary>Which code is known to block, where nobody has named its kind. Any thread may use it.</summary>
/// <remarks>The key is the delegate's method: the lambda at one place in the source, whatever it has captured.</remarks>
internal sealed class BlockingHistory
{
    private readonly ConcurrentDictionary<MethodInfo, bool> _seen = new();

    // By method, or by the kind of work that its creator named.
    private readonly ConcurrentDictionary<object, UnseenBlocking> _unseen = new();
    private bool _anySeen;
    private bool _anyUnseen;

    /// <summary>The code has blocked a thread that is no carrier: the next time it runs on one.</summary>
    internal void Add(Delegate? code)
    {
        if (code is null)
            return;
        _seen.TryAdd(code.Method, true);
        Volatile.Write(ref _anySeen, true);
    }

    // Most hubs have none: a delegate's method is looked up by reflection the first time.
    internal bool Contains(Delegate code) => Volatile.Read(ref _anySeen) && _seen.ContainsKey(code.Method);

    /// <summary>The watchdog found the code blocked.</summary>
    internal void AddUnseen(Delegate code)
    {
        _unseen.GetOrAdd(code.Method, static _ => new UnseenBlocking()).NoteBlocked();
        Volatile.Write(ref _anyUnseen, true);
    }

    /// <summary>The watchdog found work of a named kind blocked; what is learned belongs to the kind, on whichever hub it runs.</summary>
    internal void AddUnseen(object kind, UnseenBlocking unseen)
    {
        unseen.NoteBlocked();
        _unseen.TryAdd(kind, unseen);
    }

    /// <summary>What has been learned of the code; null when it was never found blocked.</summary>
    internal UnseenBlocking? Unseen(Delegate code) =>
        Volatile.Read(ref _anyUnseen) && _unseen.TryGetValue(code.Method, out var unseen) ? unseen : null;

    /// <summary>What is known to block unseen now: a method, or a named kind of work.</summary>
    internal IEnumerable<(object Kind, UnseenBlocking Unseen)> KnownUnseen() =>
        _unseen.Where(static pair => pair.Value.IsKnown).Select(static pair => (pair.Key, pair.Value));
}
