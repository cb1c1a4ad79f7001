using GreenletBridge;
using GreenletBridge.Hosting;

namespace System.Data.Common;

/// <summary>Database access in greenlets: a kill ends the command on the server too.</summary>
public static class GreenletDbExtensions
{
    /// <summary>Decorates a data source: when a greenlet is killed, the command that it waits for is cancelled on the server, and the connection stays whole.</summary>
    /// <remarks>
    /// Connections are no longer of the driver's own type: code that casts them takes the data source as it was. Where no greenlet
    /// runs, nothing changes.
    /// </remarks>
    /// <param name="source">Any driver's. Disposing the result disposes it.</param>
    /// <param name="offload">Whether the driver's calls are made on threads beside the hub; the default: those of drivers without an asynchronous form.</param>
    /// <returns>The decorated one; <paramref name="source"/> itself if it is decorated already.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static DbDataSource AddGreenletCancellation(this DbDataSource source, DbOffload offload = DbOffload.WhenNeeded)
    {
        ArgumentNullException.ThrowIfNull(source);
        Check(offload);
        return source as GreenletDbDataSource ?? new GreenletDbDataSource(source, offload);
    }

    /// <summary>As <see cref="AddGreenletCancellation(DbDataSource, DbOffload)"/>, for one connection.</summary>
    /// <param name="connection">Any driver's, open or not. Disposing the result disposes it.</param>
    /// <param name="offload">Whether the driver's calls are made on threads beside the hub; the default: those of drivers without an asynchronous form.</param>
    /// <returns>The decorated one; <paramref name="connection"/> itself if it is decorated already.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> is null.</exception>
    public static DbConnection AddGreenletCancellation(this DbConnection connection, DbOffload offload = DbOffload.WhenNeeded)
    {
        ArgumentNullException.ThrowIfNull(connection);
        Check(offload);
        return connection as GreenletDbConnection ?? new GreenletDbConnection(connection, DriverCalls.Of(connection, offload));
    }

    /// <summary>Until the result is disposed, a kill of the calling greenlet cancels this command on the server: for code that makes its commands by itself.</summary>
    /// <param name="command">The command that is about to be executed.</param>
    /// <returns>To be disposed when the command has ended and its reader is closed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="command"/> is null.</exception>
    /// <exception cref="GreenletExitException">The calling greenlet was killed before, and it was not thrown yet.</exception>
    public static KillRegistration CancelOnKill(this DbCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return Greenlet.OnKill(static state => ((DbCommand)state!).Cancel(), command);
    }

    /// <summary>As <see cref="CancelOnKill(DbCommand)"/>, for a batch.</summary>
    /// <param name="batch">The batch that is about to be executed.</param>
    /// <returns>To be disposed when the batch has ended and its reader is closed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="batch"/> is null.</exception>
    /// <exception cref="GreenletExitException">The calling greenlet was killed before, and it was not thrown yet.</exception>
    public static KillRegistration CancelOnKill(this DbBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Greenlet.OnKill(static state => ((DbBatch)state!).Cancel(), batch);
    }

    private static void Check(DbOffload offload)
    {
        if (!Enum.IsDefined(offload))
            throw new ArgumentOutOfRangeException(nameof(offload), offload, $"There are {string.Join(", ", Enum.GetNames<DbOffload>())}.");
    }
}
