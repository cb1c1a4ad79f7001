using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace GreenletBridge.Drivers.Tests.PlainDriver;

/// <summary>A connection of a driver that has synchronous members alone. It notes who uses it, and when two do at once.</summary>
internal class PlainConnection : DbConnection
{
    private ConnectionState _state;
    private int _users;

    [AllowNull]
    public override string ConnectionString { get; set; } = "";

    public override string Database => "plain";

    public override string DataSource => "plain";

    public override string ServerVersion => "1";

    public override ConnectionState State => _state;

    /// <summary>What a call does, on whatever thread it is made; nothing by default.</summary>
    public Action<PlainCommand?> Works { get; set; } = static _ => { };

    /// <summary>What the last call's thread was.</summary>
    public Thread? Thread { get; private set; }

    /// <summary>Whether a call was made while another one had not ended.</summary>
    public bool WasShared { get; private set; }

    public bool IsDisposed { get; private set; }

    public override void ChangeDatabase(string databaseName)
    {
    }

    public override void Close() => Use(() => _state = ConnectionState.Closed);

    public override void Open() => Work(null, () => _state = ConnectionState.Open);

    public void Work(PlainCommand? command, Action? then = null)
    {
        Thread = Thread.CurrentThread;
        Use(() =>
        {
            Works(command);
            then?.Invoke();
        });
    }

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel)
    {
        Work(null);
        return new PlainTransaction(this, isolationLevel);
    }

    protected override DbCommand CreateDbCommand() => new PlainCommand(this);

    protected override void Dispose(bool disposing)
    {
        Use(() => IsDisposed = true);
        base.Dispose(disposing);
    }

    private void Use(Action action)
    {
        WasShared |= Interlocked.Increment(ref _users) > 1;
        try
        {
            action();
        }
        finally
        {
            Interlocked.Decrement(ref _users);
        }
    }
}
