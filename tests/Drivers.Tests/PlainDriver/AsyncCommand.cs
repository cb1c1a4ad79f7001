using System.Data;
using System.Data.Common;

namespace GreenletBridge.Drivers.Tests.PlainDriver;

/// <summary>As if the driver had an asynchronous form.</summary>
internal sealed class AsyncCommand(PlainConnection connection) : PlainCommand(connection)
{
    protected override Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken) =>
        Task.FromResult(ExecuteDbDataReader(behavior));
}
