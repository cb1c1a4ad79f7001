using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace GreenletBridge.Hosting;

/// <summary>A command that is cancelled on the server when its greenlet is killed.</summary>
/// <remarks>
/// A reader is the driver's own: the kill cancels what it reads until the command is disposed or executed again. Cancelling a
/// command that does nothing does nothing, as the contract of <see cref="DbCommand.Cancel"/> says.
/// </remarks>
internal sealed class GreenletDbCommand(DbCommand inner, GreenletDbConnection connection) : DbCommand
{
    private GreenletDbConnection? _connection = connection;
    private KillRegistration _reading;

    [AllowNull]
    public override string CommandText
    {
        get => inner.CommandText;
        set => inner.CommandText = value;
    }

    public override int CommandTimeout
    {
        get => inner.CommandTimeout;
        set => inner.CommandTimeout = value;
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
            _connection = value is null ? null : value as GreenletDbConnection ?? new GreenletDbConnection(value);
            inner.Connection = _connection?.Inner;
        }
    }

    protected override DbTransaction? DbTransaction
    {
        get => inner.Transaction is { } transaction && _connection is not null ? new GreenletDbTransaction(transaction, _connection) : inner.Transaction;
        set => inner.Transaction = GreenletDbTransaction.InnerOf(value);
    }

    public override void Cancel() => inner.Cancel();

    public override void Prepare() => inner.Prepare();

    public override Task PrepareAsync(CancellationToken cancellationToken = default) => inner.PrepareAsync(cancellationToken);

    public override int ExecuteNonQuery()
    {
        using (inner.CancelOnKill())
            return inner.ExecuteNonQuery();
    }

    public override object? ExecuteScalar()
    {
        using (inner.CancelOnKill())
            return inner.ExecuteScalar();
    }

    public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken)
    {
        await using (inner.CancelOnKill())
            return await inner.ExecuteNonQueryAsync(cancellationToken);
    }

    public override async Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken)
    {
        await using (inner.CancelOnKill())
            return await inner.ExecuteScalarAsync(cancellationToken);
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
        _reading = inner.CancelOnKill();
        return inner.ExecuteReader(behavior);
    }

    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken)
    {
        await EndReading().DisposeAsync();
        _reading = inner.CancelOnKill();
        return await inner.ExecuteReaderAsync(behavior, cancellationToken);
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

    private KillRegistration EndReading()
    {
        var reading = _reading;
        _reading = default;
        return reading;
    }
}
