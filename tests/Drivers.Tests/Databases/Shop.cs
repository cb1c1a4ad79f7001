using System.Data.Common;
using Dapper;
using Microsoft.EntityFrameworkCore;

namespace GreenletBridge.Drivers.Tests.Databases;

/// <summary>One statement in each form, synchronous, as legacy code has it.</summary>
internal sealed class Shop(DbDataSource source, string connectionString, bool cancelsInEntityFramework = false) : IDisposable
{
    public DbDataSource Source => source;

    public ShopContext NewContext()
    {
        var options = new DbContextOptionsBuilder<ShopContext>().UseNpgsql(connectionString);
        return new ShopContext((cancelsInEntityFramework ? options.AddGreenletCancellation() : options).Options);
    }

    /// <summary>Runs a query that gives one number.</summary>
    public long Ask(QueryForm form, string sql)
    {
        if (form == QueryForm.EntityFramework)
        {
            using var context = NewContext();
            return context.Database.SqlQueryRaw<long>(sql).AsEnumerable().Single();
        }

        using var connection = source.OpenConnection();
        if (form == QueryForm.Dapper)
            return connection.QuerySingle<long>(sql);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Waits on the server and gives one number.</summary>
    public long Sleep(QueryForm form, double seconds, long answer)
    {
        if (form == QueryForm.EntityFramework)
        {
            using var context = NewContext();
            return context.Database.SqlQueryRaw<long>("select {0}::bigint from pg_sleep({1})", answer, seconds).AsEnumerable().Single();
        }

        using var connection = source.OpenConnection();
        if (form == QueryForm.Dapper)
            return connection.QuerySingle<long>("select @answer from pg_sleep(@seconds)", new { answer, seconds });
        using var command = connection.CreateCommand();
        command.CommandText = "select @answer from pg_sleep(@seconds)";
        foreach (var (name, value) in new (string, object)[] { (nameof(answer), answer), (nameof(seconds), seconds) })
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        return (long)command.ExecuteScalar()!;
    }

    public void Dispose() => source.Dispose();
}
