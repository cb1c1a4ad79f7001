using System.Data.Common;

namespace GreenletBridge.Drivers.Tests.PlainDriver;

/// <summary>As if the driver had an asynchronous form.</summary>
internal sealed class AsyncConnection : PlainConnection
{
    protected override DbCommand CreateDbCommand() => new AsyncCommand(this);
}
