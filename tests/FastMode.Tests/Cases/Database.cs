using System;
using System.Collections.Generic;
using System.Data.Common;
using System.Linq;
using System.Threading;
using Dapper;
using Npgsql;

public static class Store
{
    public static string ConnectionString = "";
    public class Row { public int Id { get; set; } public string Name { get; set; } = ""; }

    // As people write it: blocking, by Dapper and by hand
    public static int Request()
    {
        using var connection = new NpgsqlConnection(ConnectionString);
        connection.Open();
        using var transaction = connection.BeginTransaction();
        connection.Execute("insert into things (name) values (@name)", new { name = "thing" }, transaction);
        var rows = connection.Query<Row>("select id, name from things, pg_sleep(0.02) order by id limit 3", transaction: transaction).AsList();
        var count = connection.ExecuteScalar<long>("select count(*) from things", transaction: transaction);
        var first = connection.QueryFirst<Row>("select id, name from things order by id limit 1", transaction: transaction);
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "select name from things order by id limit 2";
            using var reader = command.ExecuteReader();
            while (reader.Read())
                rows.Add(new Row { Name = reader.GetString(0) });
        }

        transaction.Commit();
        return rows.Count(static r => r.Name == "thing") + (count > 0 && first.Name == "thing" ? 1 : 0);
    }

    public static int Unbuffered()
    {
        using var connection = new NpgsqlConnection(ConnectionString);
        var sum = 0;
        foreach (var n in connection.Query<int>("select n, pg_sleep(0.001) from generate_series(1, 20) n", buffered: false))
            sum += n;
        return sum;
    }

    public static void Sleep()
    {
        using var connection = new NpgsqlConnection(ConnectionString);
        connection.Open();
        using var transaction = connection.BeginTransaction();
        connection.Execute("insert into things (name) values ('lost')", transaction: transaction);
        connection.Execute("select pg_sleep(100)", transaction: transaction);
        transaction.Commit();
    }
}
