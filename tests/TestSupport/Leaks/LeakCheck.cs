using System.Diagnostics;
using System.Globalization;

namespace GreenletBridge.TestSupport;

/// <summary>Holds that what a test used is given back: take one after warm-up, dispose it at the end.</summary>
/// <remarks>
/// Figures get <see cref="LeakLimits.Settle"/> to come back, because threads and descriptors end a little after their
/// owner does. Make and dispose on one thread.
/// </remarks>
public sealed class LeakCheck : IDisposable
{
    private readonly LeakLimits _limits;
    private readonly ProcessFigures _before;
    private readonly List<WatchedFigure> _watched = [];
    private bool _verified;

    private LeakCheck(LeakLimits limits)
    {
        _limits = limits;
        _before = ProcessFigures.Take();
    }

    /// <summary>Reads the figures to come back to.</summary>
    /// <param name="limits">What is compared; <see cref="LeakLimits.WatchedOnly"/> if null.</param>
    public static LeakCheck Start(LeakLimits? limits = null) => new(limits ?? LeakLimits.WatchedOnly);

    /// <summary>Adds a figure of the code under test, such as a pool's carriers or a clock's timers.</summary>
    /// <param name="name">The figure's name in messages.</param>
    /// <param name="read">Reads it; its value now is the one to come back to.</param>
    /// <param name="allowance">How much more is accepted.</param>
    /// <returns>This check.</returns>
    public LeakCheck Watch(string name, Func<long> read, long allowance = 0)
    {
        ArgumentNullException.ThrowIfNull(read);
        _watched.Add(new WatchedFigure(name, read, read(), allowance));
        return this;
    }

    /// <summary>Waits until everything is back; does nothing the second time.</summary>
    /// <exception cref="LeakException">A figure did not come back in time.</exception>
    public void Verify()
    {
        if (_verified)
        {
            return;
        }

        _verified = true;
        var started = Stopwatch.GetTimestamp();
        while (FindLeaks() is { } leaks)
        {
            if (Stopwatch.GetElapsedTime(started) > _limits.Settle)
            {
                throw new LeakException($"Not back within {_limits.Settle.TotalSeconds:0.#} s: {leaks}");
            }

#pragma warning disable RS0030 // Nothing signals that the system has taken a thread or a descriptor back
            Thread.Sleep(20);
#pragma warning restore RS0030
        }
    }

    /// <inheritdoc cref="Verify"/>
    public void Dispose() => Verify();

    private string? FindLeaks()
    {
        var leaks = new List<string>();
        foreach (var figure in _watched)
        {
            Compare(leaks, figure.Name, figure.Before, figure.Read(), figure.Allowance);
        }

        if (_limits.Threads is null && _limits.Descriptors is null && _limits.HeapBytes is null)
        {
            return Join(leaks);
        }

        var now = ProcessFigures.Take();
        if (_limits.ThreadNamePrefix is { } prefix)
        {
            Compare(leaks, $"threads named {prefix}*", _before.ThreadsNamed(prefix), now.ThreadsNamed(prefix), _limits.Threads);
        }
        else
        {
            Compare(leaks, "threads", _before.Threads, now.Threads, _limits.Threads, $" ({New(_before.ThreadNames, now.ThreadNames)})");
        }

        if (_before.Descriptors is { } before && now.Descriptors is { } after)
        {
            Compare(leaks, "descriptors", before, after, _limits.Descriptors, $" ({New(_before.DescriptorKinds, now.DescriptorKinds)})");
        }

        Compare(leaks, "heap bytes", _before.HeapBytes, now.HeapBytes, _limits.HeapBytes);
        return Join(leaks);
    }

    private static string New(IEnumerable<string> before, IEnumerable<string> now)
    {
        var known = before.ToList();
        return string.Join(", ", now.Where(name => !known.Remove(name)).GroupBy(name => name).Select(group => $"{group.Count()} × {group.Key}"));
    }

    private static void Compare(List<string> leaks, string name, long before, long now, long? allowance, string note = "")
    {
        if (allowance is { } more && now > before + more)
        {
            leaks.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {before} → {now}{note}, accepted +{more}"));
        }
    }

    private static string? Join(List<string> leaks) => leaks.Count == 0 ? null : string.Join("; ", leaks);

    private readonly record struct WatchedFigure(string Name, Func<long> Read, long Before, long Allowance);
}
