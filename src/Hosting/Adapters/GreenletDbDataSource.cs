using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace GreenletBridge.Hosting;

/// <summary>A data source whose commands are cancelled when their greenlet is killed.</summary>
internal sealed class GreenletDbDataSource(DbDataSource inner, DbOffload offload) : DbDataSource
{
    [AllowNull]
    public override string ConnectionString => inner.ConnectionString;

    protected override DbConnection CreateDbConnection()
    {
        var connection = inner.CreateConnection();
        return new GreenletDbConnection(connection, DriverCalls.Of(connection, offload));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        await inner.DisposeAsync();
        await base.DisposeAsyncCore();
    }
}
