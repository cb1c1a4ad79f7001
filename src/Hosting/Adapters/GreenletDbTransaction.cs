using System.Data;
using System.Data.Common;

namespace GreenletBridge.Hosting;

/// <summary>A transaction of a decorated connection.</summary>
internal sealed class GreenletDbTransaction(DbTransaction inner, GreenletDbConnection connection, DriverCalls calls) : DbTransaction
{
    public override IsolationLevel IsolationLevel => inner.IsolationLevel;

    public override bool SupportsSavepoints => inner.SupportsSavepoints;

    // A transaction that has ended has no connection
    protected override DbConnection? DbConnection => inner.Connection is null ? null : connection;

    /// <summary>The driver's own of a decorated transaction, and any other as it is.</summary>
    internal static DbTransaction? InnerOf(DbTransaction? transaction) => transaction is GreenletDbTransaction decorated ? decorated.Inner : transaction;

    internal DbTransaction Inner => inner;

    public override void Commit() => calls.Run(inner, static transaction => transaction.Commit());

    public override Task CommitAsync(CancellationToken cancellationToken = default) =>
        calls.RunAsync(inner, static transaction => transaction.Commit(), static (transaction, token) => transaction.CommitAsync(token), cancellationToken);

    public override void Rollback() => calls.Run(inner, static transaction => transaction.Rollback());

    public override Task RollbackAsync(CancellationToken cancellationToken = default) =>
        calls.RunAsync(inner, static transaction => transaction.Rollback(), static (transaction, token) => transaction.RollbackAsync(token), cancellationToken);

    public override void Save(string savepointName) => inner.Save(savepointName);

    public override Task SaveAsync(string savepointName, CancellationToken cancellationToken = default) => inner.SaveAsync(savepointName, cancellationToken);

    public override void Rollback(string savepointName) => inner.Rollback(savepointName);

    public override Task RollbackAsync(string savepointName, CancellationToken cancellationToken = default) => inner.RollbackAsync(savepointName, cancellationToken);

    public override void Release(string savepointName) => inner.Release(savepointName);

    public override Task ReleaseAsync(string savepointName, CancellationToken cancellationToken = default) => inner.ReleaseAsync(savepointName, cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
