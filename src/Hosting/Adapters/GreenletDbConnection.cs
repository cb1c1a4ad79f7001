using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Transactions;
using IsolationLevel = System.Data.IsolationLevel;

namespace GreenletBridge.Hosting;

/// <summary>A connection whose commands are cancelled when their greenlet is killed.</summary>
internal sealed class GreenletDbConnection(DbConnection inner, DriverCalls calls) : DbConnection
{
    private bool _isAbandoned;

    public override event StateChangeEventHandler? StateChange
    {
        add => inner.StateChange += value;
        remove => inner.StateChange -= value;
    }

    [AllowNull]
    public override string ConnectionString
    {
        get => inner.ConnectionString;
        set => inner.ConnectionString = value;
    }

    public override int ConnectionTimeout => inner.ConnectionTimeout;

    public override string Database => inner.Database;

    public override string DataSource => inner.DataSource;

    public override string ServerVersion => inner.ServerVersion;

    public override ConnectionState State => inner.State;

    public override bool CanCreateBatch => inner.CanCreateBatch;

    internal DbConnection Inner => inner;

    protected override DbProviderFactory? DbProviderFactory => DbProviderFactories.GetFactory(inner);

    /// <remarks>
    /// By the asynchronous form, which a kill need not break off: Npgsql takes whatever ends its first attempt for a reason to try again
    /// without encryption, a kill as well, and the kill would be lost.
    /// </remarks>
    public override void Open()
    {
        if (Greenlet.Current is null || calls.AreOffloaded)
        {
            // A transaction of the thread's is found on this thread alone
            if (Transaction.Current is null)
                calls.Run(inner, static connection => connection.Open());
            else
                inner.Open();
            return;
        }

        var opening = inner.OpenAsync(CancellationToken.None);
        try
        {
            Greenlet.Await(opening);
        }
        catch when (!opening.IsCompleted)
        {
            // Killed. Nobody may dispose the connection before it has been opened
            _isAbandoned = true;
            _ = opening.ContinueWith(
                static (ended, connection) =>
                {
                    _ = ended.Exception;
                    ((DbConnection)connection!).Dispose();
                },
                inner,
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default);
            throw;
        }
    }

    public override Task OpenAsync(CancellationToken cancellationToken) => Transaction.Current is null
        ? calls.RunAsync(inner, static connection => connection.Open(), static (connection, token) => connection.OpenAsync(token), cancellationToken)
        : inner.OpenAsync(cancellationToken);

    public override void Close()
    {
        if (!_isAbandoned)
            inner.Close();
    }

    public override Task CloseAsync() => _isAbandoned ? Task.CompletedTask : inner.CloseAsync();

    public override void ChangeDatabase(string databaseName) => inner.ChangeDatabase(databaseName);

    public override Task ChangeDatabaseAsync(string databaseName, CancellationToken cancellationToken = default) =>
        inner.ChangeDatabaseAsync(databaseName, cancellationToken);

    public override void EnlistTransaction(Transaction? transaction) => inner.EnlistTransaction(transaction);

    public override DataTable GetSchema() => inner.GetSchema();

    public override DataTable GetSchema(string collectionName) => inner.GetSchema(collectionName);

    public override DataTable GetSchema(string collectionName, string?[] restrictionValues) => inner.GetSchema(collectionName, restrictionValues);

    public override Task<DataTable> GetSchemaAsync(CancellationToken cancellationToken = default) => inner.GetSchemaAsync(cancellationToken);

    public override Task<DataTable> GetSchemaAsync(string collectionName, CancellationToken cancellationToken = default) =>
        inner.GetSchemaAsync(collectionName, cancellationToken);

    public override Task<DataTable> GetSchemaAsync(string collectionName, string?[] restrictionValues, CancellationToken cancellationToken = default) =>
        inner.GetSchemaAsync(collectionName, restrictionValues, cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        if (!_isAbandoned)
            await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) =>
        new GreenletDbTransaction(calls.Run((inner, isolationLevel), static c => c.inner.BeginTransaction(c.isolationLevel)), this, calls);

    protected override async ValueTask<DbTransaction> BeginDbTransactionAsync(IsolationLevel isolationLevel, CancellationToken cancellationToken) =>
        new GreenletDbTransaction(
            await calls.RunAsync(
                (inner, isolationLevel),
                static c => c.inner.BeginTransaction(c.isolationLevel),
                static (c, token) => c.inner.BeginTransactionAsync(c.isolationLevel, token).AsTask(),
                cancellationToken),
            this,
            calls);

    protected override DbCommand CreateDbCommand() => new GreenletDbCommand(inner.CreateCommand(), this, calls);

    protected override DbBatch CreateDbBatch() => new GreenletDbBatch(inner.CreateBatch(), this, calls);

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isAbandoned)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
