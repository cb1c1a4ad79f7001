using System.Data;
using System.Data.Common;

namespace GreenletBridge.Drivers.Tests.PlainDriver;

internal sealed class PlainTransaction(PlainConnection connection, IsolationLevel level) : DbTransaction
{
    public override IsolationLevel IsolationLevel => level;

    protected override DbConnection DbConnection => connection;

    public override void Commit() => connection.Work(null);

    public override void Rollback() => connection.Work(null);
}
