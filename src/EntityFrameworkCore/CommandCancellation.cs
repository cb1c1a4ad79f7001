using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace GreenletBridge.EntityFrameworkCore;

/// <summary>Cancels a context's command on the server when the greenlet that executes it is killed.</summary>
internal sealed class CommandCancellation : DbCommandInterceptor
{
    // Weakly by command: one whose end no event tells of is forgotten with it
    private readonly ConditionalWeakTable<DbCommand, StrongBox<KillRegistration>> _running = [];

    internal static CommandCancellation Instance { get; } = new();

    // Before the connection is opened: asynchronous code inside of EF Core goes on outside of the greenlet after that
    public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result)
    {
        if (Greenlet.Current is not null)
            _running.Add(result, new StrongBox<KillRegistration>(Greenlet.OnKill(static state => ((DbCommand)state!).Cancel(), result)));
        return result;
    }

    public override object? ScalarExecuted(DbCommand command, CommandExecutedEventData eventData, object? result)
    {
        End(command).Dispose();
        return result;
    }

    public override int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result)
    {
        End(command).Dispose();
        return result;
    }

    public override async ValueTask<object?> ScalarExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, object? result, CancellationToken cancellationToken = default)
    {
        await End(command).DisposeAsync();
        return result;
    }

    public override async ValueTask<int> NonQueryExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        await End(command).DisposeAsync();
        return result;
    }

    // A reader's rows come from the server while they are read
    public override InterceptionResult DataReaderDisposing(DbCommand command, DataReaderDisposingEventData eventData, InterceptionResult result)
    {
        End(command).Dispose();
        return result;
    }

    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => End(command).Dispose();

    public override void CommandCanceled(DbCommand command, CommandEndEventData eventData) => End(command).Dispose();

    public override async Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default) =>
        await End(command).DisposeAsync();

    public override async Task CommandCanceledAsync(DbCommand command, CommandEndEventData eventData, CancellationToken cancellationToken = default) =>
        await End(command).DisposeAsync();

    private KillRegistration End(DbCommand command) => _running.Remove(command, out var registration) ? registration.Value : default;
}
