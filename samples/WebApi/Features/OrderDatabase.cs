using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace WebApi.Features;

/// <summary>The database of the orders: PostgreSQL if <c>ConnectionStrings:Orders</c> names a host, else a SQLite file.</summary>
internal sealed class OrderDatabase(DbDataSource source, bool isSqlite)
{
    private const int OrderCount = 5_000;
    private const int Days = 90;

    private static readonly string[] _customers = ["Ada", "Bela", "Chen", "Dora", "Emil", "Fatma", "Goran", "Hana"];
    private static readonly string[] _articles = ["kettle", "lamp", "desk", "chair", "shelf", "rug"];

    public static OrderDatabase Create(IConfiguration configuration, IHostEnvironment environment)
    {
        var connection = configuration.GetConnectionString("Orders");
        if (string.IsNullOrWhiteSpace(connection))
        {
            var folder = Directory.CreateDirectory(Path.Combine(environment.ContentRootPath, "data"));
            connection = new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder.FullName, "orders.db") }.ConnectionString;
        }

        return new DbConnectionStringBuilder { ConnectionString = connection }.ContainsKey("Host")
            ? new OrderDatabase(NpgsqlDataSource.Create(connection).AddGreenletCancellation(), isSqlite: false)
            : new OrderDatabase(SqliteFactory.Instance.CreateDataSource(connection), isSqlite: true);
    }

    public DbConnection Open() => source.OpenConnection();

    public ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken) => source.OpenConnectionAsync(cancellationToken);

    /// <summary>Creates and fills the table, once; of several applications that start together one does it, and the others wait.</summary>
    public void CreateAndFill()
    {
        using var connection = Open();
        if (isSqlite)
        {
            connection.Execute("PRAGMA journal_mode = WAL");
        }

        // SQLite's transactions lock the file as they begin; PostgreSQL takes a lock by a number of our own
        using var transaction = connection.BeginTransaction();
        if (!isSqlite)
        {
            connection.Execute("SELECT pg_advisory_xact_lock(2002)", transaction: transaction);
        }

        connection.Execute(
            """
            CREATE TABLE IF NOT EXISTS orders (
                id integer PRIMARY KEY, customer text NOT NULL, article text NOT NULL,
                quantity integer NOT NULL, cents bigint NOT NULL, placed_at timestamp NOT NULL);
            CREATE INDEX IF NOT EXISTS orders_placed_at ON orders (placed_at);
            """,
            transaction: transaction);
        if (connection.ExecuteScalar<long>("SELECT count(*) FROM orders", transaction: transaction) == 0)
        {
            connection.Execute("INSERT INTO orders VALUES (@Id, @Customer, @Article, @Quantity, @Cents, @PlacedAt)", Orders(), transaction);
        }

        transaction.Commit();
    }

    // The same orders every time, but for the day the last one was placed on: today
    private static IEnumerable<Order> Orders()
    {
        var random = new Random(2);
        var step = TimeSpan.FromDays(Days) / OrderCount;
        var first = DateTime.SpecifyKind(DateTime.UtcNow, DateTimeKind.Unspecified) - TimeSpan.FromDays(Days);
        for (var id = 1; id <= OrderCount; id++)
        {
            var quantity = random.Next(1, 5);
            yield return new Order
            {
                Id = id,
                Customer = _customers[random.Next(_customers.Length)],
                Article = _articles[random.Next(_articles.Length)],
                Quantity = quantity,
                Cents = quantity * random.Next(500, 20_000),
                PlacedAt = first + (step * id),
            };
        }
    }
}
