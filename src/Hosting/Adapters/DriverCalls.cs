using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Reflection;

namespace GreenletBridge.Hosting;

/// <summary>How the calls of one driver are made in a greenlet: as they are, or on threads beside the hub.</summary>
/// <param name="offloads">Whether on threads beside the hub.</param>
/// <param name="driver">The driver's connections, for people.</param>
internal sealed class DriverCalls(bool offloads, string driver)
{
    // It overrides the asynchronous form by one that blocks.
    private const string Sqlite = "Microsoft.Data.Sqlite.SqliteCommand";

    // As many as blocking work is admitted by default. With few, those who wait for a lock in the database would keep its holder's next command from beginning.
    private static readonly OffloadPool _threads = new(1_000);
    private static readonly ConcurrentDictionary<(Type, DbOffload), DriverCalls> _known = new();

    /// <summary>Whether they are made on threads beside the hub, where they are made on a greenlet.</summary>
    public bool AreOffloaded => offloads;

    /// <summary>For connections of that type.</summary>
    public static DriverCalls Of(DbConnection connection, DbOffload mode)
    {
        var type = connection.GetType();
        return _known.TryGetValue((type, mode), out var known) ? known : _known.GetOrAdd((type, mode), new DriverCalls(Offloads(connection, mode), type.FullName ?? type.Name));
    }

    /// <summary>Makes a call.</summary>
    /// <param name="on">What it is made on; nobody else touches that until the call has ended.</param>
    /// <param name="call">The call.</param>
    /// <param name="stop">Asks it to end soon; after a kill or when a time is up, on the caller's thread.</param>
    public T Run<TOn, T>(TOn on, Func<TOn, T> call, Action? stop = null) =>
        IsOffloaded() ? _threads.RunToEnd(() => call(on), stop) : call(on);

    /// <inheritdoc cref="Run{TOn, T}"/>
    public void Run<TOn>(TOn on, Action<TOn> call, Action? stop = null) => Run(
        (on, call),
        static s =>
        {
            s.call(s.on);
            return true;
        },
        stop);

    /// <summary>As <see cref="Run{TOn, T}"/>, awaited; <paramref name="callAsync"/> where the driver has an asynchronous form.</summary>
    public Task<T> RunAsync<TOn, T>(
        TOn on, Func<TOn, T> call, Func<TOn, CancellationToken, Task<T>> callAsync, CancellationToken cancellationToken, Action? stop = null) =>
        IsOffloaded() ? _threads.RunToEndAsync(() => call(on), stop, cancellationToken) : callAsync(on, cancellationToken);

    /// <inheritdoc cref="RunAsync{TOn, T}"/>
    public Task RunAsync<TOn>(
        TOn on, Action<TOn> call, Func<TOn, CancellationToken, Task> callAsync, CancellationToken cancellationToken, Action? stop = null) => RunAsync(
        on,
        o =>
        {
            call(o);
            return true;
        },
        async (o, token) =>
        {
            await callAsync(o, token);
            return true;
        },
        cancellationToken,
        stop);

    private static bool Offloads(DbConnection connection, DbOffload mode)
    {
        if (mode != DbOffload.WhenNeeded)
            return mode == DbOffload.Always;
        using var command = connection.CreateCommand();
        var type = command.GetType();
        // A driver with an asynchronous form has this one; what it does not override blocks in the base class.
        var form = type.GetMethod(
            "ExecuteDbDataReaderAsync", BindingFlags.Instance | BindingFlags.NonPublic, [typeof(CommandBehavior), typeof(CancellationToken)]);
        return type.FullName == Sqlite || form is null || form.DeclaringType == typeof(DbCommand);
    }

    private bool IsOffloaded()
    {
        if (!offloads || Greenlet.Current is not { Hub: { } hub })
            return false;
        hub.ReportOffload(driver);
        return true;
    }
}
