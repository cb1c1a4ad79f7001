using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace GreenletBridge.Drivers.Tests.PlainDriver;

/// <summary>A command of a driver that has synchronous members alone.</summary>
internal class PlainCommand(PlainConnection connection) : DbCommand
{
    private volatile bool _isCancelled;

    /// <summary>Whether it was told to end.</summary>
    public bool IsCancelled => _isCancelled;

    [AllowNull]
    public override string CommandText { get; set; } = "";

    public override int CommandTimeout { get; set; } = 30;

    public override CommandType CommandType { get; set; }

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    protected override DbConnection? DbConnection { get; set; } = connection;

    protected override DbParameterCollection DbParameterCollection => throw new NotSupportedException();

    protected override DbTransaction? DbTransaction { get; set; }

    public override void Cancel() => _isCancelled = true;

    public override int ExecuteNonQuery()
    {
        connection.Work(this);
        return 1;
    }

    public override object ExecuteScalar() => ExecuteNonQuery();

    public override void Prepare() => connection.Work(this);

    protected override DbParameter CreateDbParameter() => throw new NotSupportedException();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior)
    {
        connection.Work(this);
        return new DataTable().CreateDataReader();
    }
}
