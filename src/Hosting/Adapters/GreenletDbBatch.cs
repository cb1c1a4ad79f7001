using System.Data;
using System.Data.Common;

namespace GreenletBridge.Hosting;

/// <summary>A batch that is cancelled on the server when its greenlet is killed; see <see cref="GreenletDbCommand"/>.</summary>
internal sealed class GreenletDbBatch(DbBatch inner, GreenletDbConnection connection, DriverCalls calls) : DbBatch
{
    private GreenletDbConnection? _connection = connection;
    private KillRegistration _reading;

    public override int Timeout
    {
        get => inner.Timeout;
        set => inner.Timeout = value;
    }

    protected override DbBatchCommandCollection DbBatchCommands => inner.BatchCommands;

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

    public override void Prepare() => calls.Run(inner, static batch => batch.Prepare(), Cancel);

    public override Task PrepareAsync(CancellationToken cancellationToken = default) =>
        calls.RunAsync(inner, static batch => batch.Prepare(), static (batch, token) => batch.PrepareAsync(token), cancellationToken, Cancel);

    public override int ExecuteNonQuery()
    {
        using (inner.CancelOnKill())
            return calls.Run(inner, static batch => batch.ExecuteNonQuery(), Cancel);
    }

    public override object? ExecuteScalar()
    {
        using (inner.CancelOnKill())
            return calls.Run(inner, static batch => batch.ExecuteScalar(), Cancel);
    }

    public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken = default)
    {
        await using (inner.CancelOnKill())
        {
            return await calls.RunAsync(
                inner, static batch => batch.ExecuteNonQuery(), static (batch, token) => batch.ExecuteNonQueryAsync(token), cancellationToken, Cancel);
        }
    }

    public override async Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken = default)
    {
        await using (inner.CancelOnKill())
        {
            return await calls.RunAsync(
                inner, static batch => batch.ExecuteScalar(), static (batch, token) => batch.ExecuteScalarAsync(token), cancellationToken, Cancel);
        }
    }

    public override void Dispose()
    {
        EndReading().Dispose();
        inner.Dispose();
        base.Dispose();
    }

    public override async ValueTask DisposeAsync()
    {
        await EndReading().DisposeAsync();
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override DbBatchCommand CreateDbBatchCommand() => inner.CreateBatchCommand();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior)
    {
        EndReading().Dispose();
        _reading = inner.CancelOnKill();
        return calls.Run((inner, behavior), static c => c.inner.ExecuteReader(c.behavior), Cancel);
    }

    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken)
    {
        await EndReading().DisposeAsync();
        _reading = inner.CancelOnKill();
        return await calls.RunAsync(
            (inner, behavior),
            static c => c.inner.ExecuteReader(c.behavior),
            static (c, token) => c.inner.ExecuteReaderAsync(c.behavior, token),
            cancellationToken,
            Cancel);
    }

    private KillRegistration EndReading()
    {
        var reading = _reading;
        _reading = default;
        return reading;
    }
}
