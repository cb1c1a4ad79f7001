using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace GreenletBridge.Hosting;

/// <summary>A command that is cancelled on the server when its greenlet is killed.</summary>
/// <remarks>
/// A reader is the driver's own: the kill cancels what it reads until the command is disposed or executed again. Cancelling a
/// command that does nothing does nothing, as the contract of <see cref="DbCommand.Cancel"/> says.
/// </remarks>
internal sealed class GreenletDbCommand(DbCommand inner, GreenletDbConnection connection, DriverCalls calls) : DbCommand
{
    private GreenletDbConnection? _connection = connection;
    private KillRegistration _reading;
    private int? _timeout;

    [AllowNull]
    public override string CommandText
    {
        get => inner.CommandText;
        set => inner.CommandText = value;
    }

    public override int CommandTimeout
    {
        get => _timeout ?? inner.CommandTimeout;
        set
        {
            _timeout = null;
            inner.CommandTimeout = value;
        }
    }

    public override CommandType CommandType
    {
        get => inner.CommandType;
        set => inner.CommandType = value;
    }

    public override UpdateRowSource UpdatedRowSource
    {
        get => inner.UpdatedRowSource;
        set => inner.UpdatedRowSource = value;
    }

    public override bool DesignTimeVisible
    {
        get => inner.DesignTimeVisible;
        set => inner.DesignTimeVisible = value;
    }

    protected override DbParameterCollection DbParameterCollection => inner.Parameters;

    protected override DbConnection? DbConnection
    {
        get => _connection;
        set
        {
            _connection = value is null ? null : value as GreenletDbConnection ?? new GreenletDbConnection(value, DriverCalls.Of(value, DbOffload.WhenNeeded));
            inner.Connection = _connection?.Inner;
        }
    }

    protected override DbTransaction? DbTransaction
    {
        get => inner.Transaction is { } transaction && _connection is not null ? new GreenletDbTransaction(transaction, _connection, calls) : inner.Transaction;
        set => inner.Transaction = GreenletDbTransaction.InnerOf(value);
    }

    public override void Cancel() => inner.Cancel();

    public override void Prepare() => calls.Run(inner, static command => command.Prepare(), Stop);

    public override Task PrepareAsync(CancellationToken cancellationToken = default) =>
        calls.RunAsync(inner, static command => command.Prepare(), static (command, token) => command.PrepareAsync(token), cancellationToken, Stop);

    public override int ExecuteNonQuery()
    {
        using (Begin())
            return calls.Run(inner, static command => command.ExecuteNonQuery(), Stop);
    }

    public override object? ExecuteScalar()
    {
        using (Begin())
            return calls.Run(inner, static command => command.ExecuteScalar(), Stop);
    }

    public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken)
    {
        await using (Begin())
        {
            return await calls.RunAsync(
                inner, static command => command.ExecuteNonQuery(), static (command, token) => command.ExecuteNonQueryAsync(token), cancellationToken, Stop);
        }
    }

    public override async Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken)
    {
        await using (Begin())
        {
            return await calls.RunAsync(
                inner, static command => command.ExecuteScalar(), static (command, token) => command.ExecuteScalarAsync(token), cancellationToken, Stop);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await EndReading().DisposeAsync();
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override DbParameter CreateDbParameter() => inner.CreateParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior)
    {
        EndReading().Dispose();
        _reading = Begin();
        return calls.Run((inner, behavior), static c => c.inner.ExecuteReader(c.behavior), Stop);
    }

    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken)
    {
        await EndReading().DisposeAsync();
        _reading = Begin();
        return await calls.RunAsync(
            (inner, behavior),
            static c => c.inner.ExecuteReader(c.behavior),
            static (c, token) => c.inner.ExecuteReaderAsync(c.behavior, token),
            cancellationToken,
            Stop);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            EndReading().Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private KillRegistration Begin()
    {
        if (_timeout is { } timeout)
            CommandTimeout = timeout;
        return inner.CancelOnKill();
    }

    // SQLite's Cancel does nothing; it waits for a lock until a time is up that it reads again and again.
    private void Stop()
    {
        _timeout = inner.CommandTimeout;
        inner.Cancel();
        inner.CommandTimeout = 1;
    }

    private KillRegistration EndReading()
    {
        var reading = _reading;
        _reading = default;
        return reading;
    }
}
