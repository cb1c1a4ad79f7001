using System.ComponentModel;
using System.Data;
using System.Data.Common;

namespace GreenletBridge.FastMode;

/// <summary>What woven code calls in place of the interfaces of databases. Their classes are known by their async forms.</summary>
/// <remarks>A driver that does not have an async form of its own blocks in it, as it would in the blocking one.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class DbWaits
{
    /// <summary>As <see cref="IDbConnection.Open"/>.</summary>
    [Replaces(typeof(IDbConnection), nameof(IDbConnection.Open))]
    public static void Open(IDbConnection connection, WovenStack stack)
    {
        if (connection is DbConnection real && CallWaits.MayWait(stack))
            CallWaits.Await(real.OpenAsync(stack.BeginCall()), stack);
        else
            connection.Open();
    }

    /// <summary>As <see cref="IDbConnection.Close"/>.</summary>
    [Replaces(typeof(IDbConnection), nameof(IDbConnection.Close))]
    public static void Close(IDbConnection connection, WovenStack stack)
    {
        if (connection is DbConnection real && CallWaits.MayWait(stack))
            CallWaits.Await(real.CloseAsync(), stack);
        else
            connection.Close();
    }

    /// <summary>As <see cref="IDbConnection.BeginTransaction()"/>.</summary>
    [Replaces(typeof(IDbConnection), nameof(IDbConnection.BeginTransaction))]
    public static IDbTransaction BeginTransaction(IDbConnection connection, WovenStack stack) =>
        connection is DbConnection real && CallWaits.MayWait(stack)
            ? CallWaits.Await(real.BeginTransactionAsync(stack.BeginCall()).AsTask(), stack)
            : connection.BeginTransaction();

    /// <summary>As <see cref="IDbConnection.BeginTransaction(IsolationLevel)"/>.</summary>
    [Replaces(typeof(IDbConnection), nameof(IDbConnection.BeginTransaction))]
    public static IDbTransaction BeginTransaction(IDbConnection connection, IsolationLevel level, WovenStack stack) =>
        connection is DbConnection real && CallWaits.MayWait(stack)
            ? CallWaits.Await(real.BeginTransactionAsync(level, stack.BeginCall()).AsTask(), stack)
            : connection.BeginTransaction(level);

    /// <summary>As <see cref="IDbTransaction.Commit"/>.</summary>
    [Replaces(typeof(IDbTransaction), nameof(IDbTransaction.Commit))]
    public static void Commit(IDbTransaction transaction, WovenStack stack)
    {
        if (transaction is DbTransaction real && CallWaits.MayWait(stack))
            CallWaits.Await(real.CommitAsync(stack.BeginCall()), stack);
        else
            transaction.Commit();
    }

    /// <summary>As <see cref="IDbTransaction.Rollback"/>.</summary>
    [Replaces(typeof(IDbTransaction), nameof(IDbTransaction.Rollback))]
    public static void Rollback(IDbTransaction transaction, WovenStack stack)
    {
        if (transaction is DbTransaction real && CallWaits.MayWait(stack))
            CallWaits.Await(real.RollbackAsync(stack.BeginCall()), stack);
        else
            transaction.Rollback();
    }

    /// <summary>As <see cref="IDbCommand.ExecuteNonQuery"/>.</summary>
    [Replaces(typeof(IDbCommand), nameof(IDbCommand.ExecuteNonQuery))]
    public static int ExecuteNonQuery(IDbCommand command, WovenStack stack) =>
        command is DbCommand real && CallWaits.MayWait(stack)
            ? CallWaits.Await(real.ExecuteNonQueryAsync(stack.BeginCall()), stack)
            : command.ExecuteNonQuery();

    /// <summary>As <see cref="IDbCommand.ExecuteScalar"/>.</summary>
    [Replaces(typeof(IDbCommand), nameof(IDbCommand.ExecuteScalar))]
    public static object? ExecuteScalar(IDbCommand command, WovenStack stack) =>
        command is DbCommand real && CallWaits.MayWait(stack)
            ? CallWaits.Await(real.ExecuteScalarAsync(stack.BeginCall()), stack)
            : command.ExecuteScalar();

    /// <summary>As <see cref="IDbCommand.ExecuteReader()"/>.</summary>
    [Replaces(typeof(IDbCommand), nameof(IDbCommand.ExecuteReader))]
    public static IDataReader ExecuteReader(IDbCommand command, WovenStack stack) =>
        command is DbCommand real && CallWaits.MayWait(stack)
            ? CallWaits.Await(real.ExecuteReaderAsync(stack.BeginCall()), stack)
            : command.ExecuteReader();

    /// <summary>As <see cref="IDbCommand.ExecuteReader(CommandBehavior)"/>.</summary>
    [Replaces(typeof(IDbCommand), nameof(IDbCommand.ExecuteReader))]
    public static IDataReader ExecuteReader(IDbCommand command, CommandBehavior behavior, WovenStack stack) =>
        command is DbCommand real && CallWaits.MayWait(stack)
            ? CallWaits.Await(real.ExecuteReaderAsync(behavior, stack.BeginCall()), stack)
            : command.ExecuteReader(behavior);

    /// <summary>As <see cref="IDataReader.Read"/>.</summary>
    [Replaces(typeof(IDataReader), nameof(IDataReader.Read))]
    public static bool Read(IDataReader reader, WovenStack stack) =>
        reader is DbDataReader real && CallWaits.MayWait(stack)
            ? CallWaits.Await(real.ReadAsync(stack.BeginCall()), stack)
            : reader.Read();

    /// <summary>As <see cref="IDataReader.NextResult"/>.</summary>
    [Replaces(typeof(IDataReader), nameof(IDataReader.NextResult))]
    public static bool NextResult(IDataReader reader, WovenStack stack) =>
        reader is DbDataReader real && CallWaits.MayWait(stack)
            ? CallWaits.Await(real.NextResultAsync(stack.BeginCall()), stack)
            : reader.NextResult();

    /// <summary>As <see cref="IDataReader.Close"/>.</summary>
    [Replaces(typeof(IDataReader), nameof(IDataReader.Close))]
    public static void Close(IDataReader reader, WovenStack stack)
    {
        if (reader is DbDataReader real && CallWaits.MayWait(stack))
            CallWaits.Await(real.CloseAsync(), stack);
        else
            reader.Close();
    }
}
